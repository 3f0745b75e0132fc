#include "mixer_client/char_set.h"

#include <algorithm>

#include "mixer_client/sort.h"

namespace mixer_client {
namespace {

using std::string_view_literals::operator""sv;

struct NamedClass {
  std::string_view name;
  std::string_view ends;  // of its ranges: pairs of ASCII characters
};

constexpr NamedClass kPerl[] = {{"d", "09"}, {"s", "\t\n\f\r  "}, {"w", "09AZ__az"}};
constexpr NamedClass kPosix[] = {
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"ascii", "\0\x7f"sv},
    {"blank", "\t\t  "},
    {"cntrl", "\0\x1f\x7f\x7f"sv},
    {"digit", "09"},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", "\t\r  "},
    {"upper", "AZ"},
    {"word", "09AZ__az"},
    {"xdigit", "09AFaf"},
};

template <size_t kCount>
CharRanges named(const NamedClass (&classes)[kCount], std::string_view name) {
  CharRanges ranges;
  for (auto& row : classes) {
    if (row.name != name) continue;
    for (size_t i = 0; i < row.ends.size(); i += 2) {
      ranges.push_back({static_cast<uint8_t>(row.ends[i]), static_cast<uint8_t>(row.ends[i + 1])});
    }
  }
  return ranges;
}

// Puts ranges in order and apart.
void normalize(CharRanges& ranges) {
  sort_items(ranges,
             [](const CharRange& one, const CharRange& other) { return one.first < other.first; });
  size_t count = 0;
  for (auto range : ranges) {
    if (count > 0 && range.first <= ranges[count - 1].last + 1) {
      ranges[count - 1].last = std::max(ranges[count - 1].last, range.last);
    } else {
      ranges[count++] = range;
    }
  }
  ranges.resize(count);
}

bool has(const CharRanges& ranges, uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const CharRange& range) {
    return range.first <= code && code <= range.last;
  });
}

}  // namespace

void fold(CharRanges& ranges) {
  CharRanges forms;
  for (uint32_t small = 'a'; small <= 'z'; ++small) {
    uint32_t large = small - 'a' + 'A';
    uint32_t third = small == 'k' ? 0x212a : small == 's' ? 0x17f : small;
    if (!has(ranges, small) && !has(ranges, large) && !has(ranges, third)) continue;
    for (auto form : {small, large, third}) forms.push_back({form, form});
  }
  ranges.insert(ranges.end(), forms.begin(), forms.end());
}

CharRanges others(CharRanges ranges) {
  normalize(ranges);
  CharRanges found;
  uint32_t next = 0;
  for (auto& range : ranges) {
    if (next < range.first) found.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCharacter) found.push_back({next, kLastCharacter});
  return found;
}

CharRanges perl_class(char letter) { return named(kPerl, {&letter, 1}); }

CharRanges posix_class(std::string_view name) { return named(kPosix, name); }

CharSet::CharSet(CharRanges ranges) {
  normalize(ranges);
  for (auto& range : ranges) {
    for (auto code = range.first; code <= std::min(range.last, 127u); ++code) {
      ascii_[code / 64] |= uint64_t{1} << code % 64;
    }
    if (range.last >= 128) beyond_.push_back({std::max(range.first, 128u), range.last});
  }
}

bool CharSet::has_beyond(uint32_t code) const {
  auto next = std::upper_bound(
      beyond_.begin(), beyond_.end(), code,
      [](uint32_t wanted, const CharRange& range) { return wanted < range.first; });
  return next != beyond_.begin() && code <= std::prev(next)->last;
}

}  // namespace mixer_client
