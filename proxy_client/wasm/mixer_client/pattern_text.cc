#include "mixer_client/pattern_text.h"

#include "base/utf8.h"

namespace mixer_client {
namespace {

constexpr std::string_view kControls = "afnrtv";
constexpr std::string_view kControlCodes = "\a\f\n\r\t\v";

bool is_letter_or_digit(uint32_t code) {
  return (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

}  // namespace

void PatternText::fail(std::string_view reason) {
  if (has_failed()) return;
  why_ = "at " + std::to_string(at_) + ": " + std::string(reason);
  at_ = text_.size();
}

bool PatternText::takes(std::string_view token) {
  if (!rest().starts_with(token)) return false;
  at_ += token.size();
  return true;
}

std::optional<std::string_view> PatternText::take_until(std::string_view token) {
  auto size = rest().find(token);
  if (size == std::string_view::npos) return std::nullopt;
  auto found = rest().substr(0, size);
  at_ += size + token.size();
  return found;
}

uint32_t PatternText::character() {
  if (is_at_end()) {
    fail("more is needed");
    return 0;
  }
  auto found = base::decode_utf8(rest());
  if (!found.is_wellformed) {
    fail("is not UTF-8");
    return 0;
  }
  at_ += found.size;
  return found.code;
}

uint32_t PatternText::escaped() {
  if (is_at_end()) {
    fail("trailing \\");
    return 0;
  }
  auto code = character();
  if (code < 128) {
    auto control = kControls.find(static_cast<char>(code));
    if (control != std::string_view::npos) return static_cast<uint8_t>(kControlCodes[control]);
    if (code == 'x') return hexadecimal();
    // A single digit but 0 would refer to a group.
    if (code == '0' || (code > '0' && code < '8' && is_digit(8))) return octal(code - '0');
    if (!is_letter_or_digit(code)) return code;
  }
  fail("unknown escape");
  return 0;
}

bool PatternText::is_digit(uint32_t base) const {
  if (is_at_end()) return false;
  auto digit = base::hex_digit(text_[at_]);
  return digit >= 0 && digit < static_cast<int>(base);
}

uint32_t PatternText::octal(uint32_t first) {
  auto code = first;
  for (int i = 0; i < 2 && is_digit(8); ++i) {
    code = code * 8 + static_cast<uint32_t>(text_[at_++] - '0');
  }
  return code;
}

uint32_t PatternText::hexadecimal() {
  if (takes("{")) return hexadecimal_in_braces();
  uint32_t code = 0;
  for (int i = 0; i < 2; ++i) {
    if (!is_digit(16)) {
      fail("needs two hexadecimal digits");
      return 0;
    }
    code = code * 16 + static_cast<uint32_t>(base::hex_digit(text_[at_++]));
  }
  return code;
}

uint32_t PatternText::hexadecimal_in_braces() {
  uint32_t code = 0;
  bool has_digit = false;
  while (is_digit(16) && code <= kLastCharacter) {
    has_digit = true;
    code = code * 16 + static_cast<uint32_t>(base::hex_digit(text_[at_++]));
  }
  if (has_digit && code <= kLastCharacter && takes("}")) return code;
  fail("no character's code");
  return 0;
}

std::optional<int32_t> PatternText::number() {
  // What has a zero in front is no number to RE2, neither is what has more than nine digits.
  if (is_at_end() || (rest().size() > 1 && rest()[0] == '0' && base::hex_digit(rest()[1]) >= 0 &&
                      base::hex_digit(rest()[1]) < 10)) {
    return std::nullopt;
  }
  int32_t found = 0;
  auto start = at_;
  while (is_digit(10)) {
    if (at_ - start == 9) return std::nullopt;
    found = found * 10 + (text_[at_++] - '0');
  }
  if (at_ == start) return std::nullopt;
  return found;
}

std::optional<PatternText::Bounds> PatternText::bounds() {
  auto start = at_;
  if (takes("{")) {
    auto least = number();
    if (least && takes("}")) return Bounds{*least, *least};
    if (least && takes(",}")) return Bounds{*least, -1};
    if (least && takes(",")) {
      auto most = number();
      if (most && takes("}")) return Bounds{*least, *most};
    }
  }
  at_ = start;
  return std::nullopt;
}

}  // namespace mixer_client
