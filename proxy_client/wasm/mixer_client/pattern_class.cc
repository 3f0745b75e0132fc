// What stands for one of several characters.
#include "mixer_client/pattern_text.h"

namespace mixer_client {

CharRanges PatternText::folded(CharRanges ranges, bool ignores_case) {
  if (!ignores_case) return ranges;
  for (auto& [first, last] : ranges) {
    // Nothing beyond ASCII has forms outside of all that is beyond ASCII, but for those of k and s.
    if (last > 127 && (last < kLastCharacter || first > 128)) {
      fail("case of characters beyond ASCII cannot be ignored");
    }
  }
  fold(ranges);
  return ranges;
}

std::optional<CharRanges> PatternText::perl_class(bool ignores_case) {
  auto next = rest();
  if (next.size() < 2 || next[0] != '\\') return std::nullopt;
  if (next[1] == 'p' || next[1] == 'P') {
    fail("classes of Unicode are unknown");
    return CharRanges();
  }
  auto small = static_cast<char>(next[1] | 0x20);
  auto ranges = mixer_client::perl_class(small);
  if (ranges.empty()) return std::nullopt;
  at_ += 2;
  ranges = folded(std::move(ranges), ignores_case);
  return next[1] == small ? ranges : others(std::move(ranges));
}

std::optional<CharRanges> PatternText::posix_class(bool ignores_case) {
  auto start = at_;
  if (!takes("[:")) return std::nullopt;
  auto name = take_until(":]");
  if (!name) {
    at_ = start;
    return std::nullopt;
  }
  bool is_negative = name->starts_with('^');
  if (is_negative) name->remove_prefix(1);
  auto ranges = mixer_client::posix_class(*name);
  if (ranges.empty()) fail("unknown class");
  ranges = folded(std::move(ranges), ignores_case);
  return is_negative ? others(std::move(ranges)) : ranges;
}

CharRanges PatternText::bracket_class(bool ignores_case) {
  bool is_negative = takes("^");
  CharRanges ranges;
  bool is_first = true;  // then ] has no meaning
  while (!is_at_end() && (is_first || rest()[0] != ']')) {
    auto more = member(ignores_case);
    ranges.insert(ranges.end(), more.begin(), more.end());
    is_first = false;
  }
  if (!takes("]")) fail("missing ]");
  return is_negative ? others(std::move(ranges)) : ranges;
}

CharRanges PatternText::member(bool ignores_case) {
  if (auto ranges = posix_class(ignores_case)) return *ranges;
  if (auto ranges = perl_class(ignores_case)) return *ranges;
  auto first = class_character(), last = first;
  if (rest().size() >= 2 && rest()[0] == '-' && rest()[1] != ']') {
    ++at_;
    last = class_character();
    if (last < first) fail("range goes backwards");
  }
  return folded({{first, last}}, ignores_case);
}

uint32_t PatternText::class_character() { return takes("\\") ? escaped() : character(); }

}  // namespace mixer_client
