#include "mixer_client/loader.h"

#include <algorithm>
#include <vector>

namespace mixer_client {
namespace {

constexpr int64_t kNsPerS = 1'000'000'000;
constexpr int64_t kNsPerMs = 1'000'000;
constexpr int64_t kMaxDurationS = 86'400;
constexpr size_t kNanoDigits = 9;
constexpr size_t kMaxDigits = 19;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits of the front; false when there are none or they are too many.
bool take_digits(std::string_view& text, size_t most, uint64_t& number) {
  size_t count = 0;
  number = 0;
  for (; count < text.size() && is_digit(text[count]); ++count) {
    if (count == most) return false;
    number = number * 10 + static_cast<uint64_t>(text[count] - '0');
  }
  text.remove_prefix(count);
  return count > 0;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// The digits behind a point as ns.
bool take_nanos(std::string_view& text, uint64_t& nanos) {
  auto size = text.size();
  if (!take_digits(text, kNanoDigits, nanos)) return false;
  for (auto digits = size - text.size(); digits < kNanoDigits; ++digits) nanos *= 10;
  return true;
}

std::string snake_case(std::string_view key) {
  std::string name;
  for (char c : key) {
    bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper) name.push_back('_');
    name.push_back(is_upper ? static_cast<char>(c | 0x20) : c);
  }
  return name;
}

}  // namespace

uint32_t Loader::message(size_t field_count, FunctionRef<std::string_view(size_t)> name,
                         FunctionRef<void(size_t)> read) {
  uint32_t seen = 0, count = 0;
  json_.object([&](std::string_view key) {
    at_key(key, [&] {
      auto wanted = snake_case(key);
      size_t place = 0;
      while (place != field_count && name(place) != wanted) ++place;
      if (place == field_count) return fail("unknown field");
      if ((seen >> place & 1) != 0) return fail("twice");
      seen |= uint32_t{1} << place;
      if (json_.null()) return;
      ++count;
      read(place);
    });
  });
  return count;
}

void Loader::map(size_t most, FunctionRef<void(std::string_view)> read) {
  std::vector<std::string> seen;
  json_.object([&](std::string_view key) {
    at_key(key, [&] {
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) return fail("twice");
      if (seen.size() == most) return fail("more than " + std::to_string(most));
      seen.emplace_back(key);
      read(key);
    });
  });
}

void Loader::list(size_t most, FunctionRef<void()> read) {
  json_.list([&](uint32_t index) {
    at("[" + std::to_string(index) + "]", [&] {
      if (index == most) return fail("more than " + std::to_string(most));
      read();
    });
  });
}

// Where `read` fails is some step further down. The place stays when it does.
void Loader::at(std::string_view step, FunctionRef<void()> read) {
  auto size = place_.size();
  place_.append(step);
  read();
  if (!failed()) place_.resize(size);
}

void Loader::at_key(std::string_view key, FunctionRef<void()> read) {
  at((place_.empty() ? "" : ".") + std::string(key), read);
}

int64_t Loader::int64() {
  if (json_.peek() != '"') return json_.integer();
  auto digits = json_.text();
  std::string_view rest = digits;
  bool is_negative = take(rest, '-');
  uint64_t number;
  if (!take_digits(rest, kMaxDigits, number) || !rest.empty()) {
    fail("not a whole number");
    return 0;
  }
  if (number > uint64_t{INT64_MAX} + is_negative) fail("out of range");
  return static_cast<int64_t>(is_negative ? 0 - number : number);
}

uint32_t Loader::natural(uint32_t most) {
  auto number = int64();
  if (number < 0 || number > most) fail("must be from 0 to " + std::to_string(most));
  return failed() ? 0 : static_cast<uint32_t>(number);
}

int64_t Loader::duration() {
  auto text = json_.text();
  std::string_view rest = text;
  bool is_negative = take(rest, '-');
  uint64_t seconds = 0, nanos = 0;
  bool is_right = take_digits(rest, kNanoDigits, seconds);
  if (is_right && take(rest, '.')) is_right = take_nanos(rest, nanos);
  if (!is_right || rest != "s") {
    fail("not a duration such as \"1.5s\"");
    return 0;
  }
  auto length = static_cast<int64_t>(seconds) * kNsPerS + static_cast<int64_t>(nanos);
  return is_negative ? -length : length;
}

uint32_t Loader::milliseconds(uint32_t least) {
  auto length = duration();
  if (length < least * kNsPerMs) fail("must be at least " + std::to_string(least) + " ms");
  if (length > kMaxDurationS * kNsPerS) fail("must be a day at most");
  return failed() ? 0 : static_cast<uint32_t>(length / kNsPerMs);
}

uint32_t Loader::choice(std::span<const std::string_view> names) {
  if (json_.peek() != '"') return natural(static_cast<uint32_t>(names.size()) - 1);
  auto name = json_.text();
  auto place = std::find(names.begin(), names.end(), name);
  if (place != names.end()) return static_cast<uint32_t>(place - names.begin());
  std::string why = "must be one of";
  for (auto known : names) why.append(" ").append(known);
  fail(why);
  return 0;
}

void Loader::fail(std::string_view why) {
  if (failed()) return;
  why_ = why;
  json_.fail(why);
}

std::string Loader::error() const {
  if (!failed()) return {};
  auto& why = why_.empty() ? json_.why() : why_;  // the reader's own tell the byte
  return place_.empty() ? why : place_ + ": " + why;
}

}  // namespace mixer_client
