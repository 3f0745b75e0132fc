#include "base/json.h"

#include "base/utf8.h"

namespace base {
namespace {

constexpr uint32_t kMaxDepth = 32;
constexpr int64_t kMaxNumber = (int64_t{1} << 53) - 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void JsonReader::fail(std::string_view why) {
  if (failed()) return;
  why_ = "byte " + std::to_string(at_) + ": ";
  why_.append(why);
  at_ = text_.size();
}

char JsonReader::peek() {
  while (at_ < text_.size()) {
    char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return c;
    ++at_;
  }
  return '\0';
}

bool JsonReader::expect(char wanted) {
  if (peek() != wanted || failed()) {
    char why[] = "expected ?";
    why[sizeof(why) - 2] = wanted;
    fail(why);
    return false;
  }
  ++at_;
  return true;
}

bool JsonReader::open(char bracket) {
  if (!expect(bracket)) return false;
  if (++depth_ > kMaxDepth) fail("nested too deeply");
  return !failed();
}

bool JsonReader::more(char end, bool is_first) {
  if (failed()) return false;
  if (peek() == end) {
    ++at_;
    return false;
  }
  return is_first || expect(',');
}

bool JsonReader::word(std::string_view wanted) {
  peek();
  if (text_.substr(at_, wanted.size()) != wanted) return false;
  at_ += wanted.size();
  return true;
}

bool JsonReader::null() { return word("null"); }

bool JsonReader::boolean() {
  if (word("true")) return true;
  if (!word("false")) fail("expected true or false");
  return false;
}

void JsonReader::end() {
  if (peek() != '\0' || at_ < text_.size()) fail("expected the end");
}

std::string JsonReader::text() {
  std::string found;
  if (!expect('"')) return found;
  while (at_ < text_.size() && text_[at_] != '"') {
    char c = text_[at_++];
    if (static_cast<uint8_t>(c) < ' ') fail("control character in a text");
    if (c == '\\') {
      escape(found);
    } else {
      found.push_back(c);
    }
  }
  if (!expect('"')) return {};
  if (!is_utf8(found)) fail("a text that is not UTF-8");
  return found;
}

void JsonReader::escape(std::string& to) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  char c = at_ < text_.size() ? text_[at_++] : '\0';
  if (auto place = kNames.find(c); place != std::string_view::npos) {
    to.push_back(kMeant[place]);
    return;
  }
  if (c != 'u') return fail("unknown escape");
  auto code = four_digits();
  if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    auto low = four_digits();
    if (low < 0xdc00 || low > 0xdfff) return fail("half a character");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  if (code >= 0xd800 && code < 0xe000) return fail("half a character");
  char bytes[4];
  to.append(bytes, encode_utf8(code, bytes));
}

uint32_t JsonReader::four_digits() {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    int digit = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
    if (digit < 0) {
      fail("expected four hexadecimal digits");
      return 0;
    }
    code = code * 16 + static_cast<uint32_t>(digit);
    ++at_;
  }
  return code;
}

int64_t JsonReader::exponent() {
  if (at_ >= text_.size() || (text_[at_] | 0x20) != 'e') return 0;
  ++at_;
  bool is_negative = at_ < text_.size() && text_[at_] == '-';
  if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
  int64_t exponent = 0;
  while (at_ < text_.size() && is_digit(text_[at_]) && exponent < 100) {
    exponent = exponent * 10 + (text_[at_++] - '0');
  }
  return is_negative ? -exponent : exponent;
}

int64_t JsonReader::integer() {
  bool is_negative = peek() == '-';
  if (is_negative) ++at_;
  if (at_ >= text_.size() || !is_digit(text_[at_])) fail("expected a number");
  int64_t number = 0, places = 0;
  bool has_point = false;
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (!is_digit(text_[at_]) || number > kMaxNumber) break;
    number = number * 10 + (text_[at_] - '0');
    places += has_point;
  }
  places -= exponent();
  for (; places > 0 && number % 10 == 0 && number != 0; --places) number /= 10;
  for (; places < 0 && number <= kMaxNumber && number != 0; ++places) number *= 10;
  if (number > kMaxNumber || (number != 0 && places != 0)) fail("not a whole number below 2^53");
  return is_negative ? -number : number;
}

uint32_t JsonReader::natural(uint32_t most) {
  auto number = integer();
  if (number >= 0 && number <= most) return static_cast<uint32_t>(number);
  fail("a number out of range");
  return 0;
}

}  // namespace base
