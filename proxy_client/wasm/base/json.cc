#include "base/json.h"

#include "base/utf8.h"

namespace base {
namespace {

constexpr uint32_t kMaxDepth = 32;
constexpr int64_t kMaxNumber = (int64_t{1} << 53) - 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void JsonReader::fail(std::string_view why, std::string_view what) {
  if (failed()) return;
  char digits[20];
  char* start = digits + sizeof(digits);
  for (size_t rest = at_; rest != 0 || start == digits + sizeof(digits); rest /= 10) {
    *--start = static_cast<char>('0' + rest % 10);
  }
  why_.append("byte ").append(start, digits + sizeof(digits)).append(": ").append(why).append(what);
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
    fail("expected ", {&wanted, 1});
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
  auto raw = raw_text();
  std::string found(raw.size(), '\0');
  found.resize(unescape(raw, found.data()));
  return found;
}

std::string_view JsonReader::text(Arena& arena) {
  auto raw = raw_text();
  char* to = arena.bytes(raw.size());
  return {to, unescape(raw, to)};
}

// What stands between the quotes of a text; empty when there is none.
std::string_view JsonReader::raw_text() {
  if (!expect('"')) return {};
  auto start = at_;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (static_cast<uint8_t>(text_[at_]) < ' ') fail("control character in a text");
    if (at_ < text_.size() && text_[at_] == '\\') ++at_;
  }
  auto end = at_;
  if (!expect('"')) return {};
  auto raw = text_.substr(start, end - start);
  if (is_utf8(raw)) return raw;
  fail("a text that is not UTF-8");
  return {};
}

// Writes what a raw text means; gives the size, which is at most the raw text's.
size_t JsonReader::unescape(std::string_view raw, char* to) {
  size_t size = 0;
  while (!raw.empty()) {
    auto plain = raw.substr(0, raw.find('\\'));
    size += plain.copy(to + size, plain.size());
    raw.remove_prefix(plain.size());
    if (!raw.empty()) size += escape(raw, to + size);
  }
  return size;
}

// Takes an escape off a raw text, and writes what it means.
size_t JsonReader::escape(std::string_view& raw, char* to) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  char c = raw[1];  // there is one: a backslash is never the last before the quote
  raw.remove_prefix(2);
  if (auto place = kNames.find(c); place != std::string_view::npos) {
    *to = kMeant[place];
    return 1;
  }
  if (c != 'u') fail("unknown escape");
  auto code = four_digits(raw);
  if (code >= 0xd800 && code < 0xdc00 && raw.starts_with("\\u")) {
    raw.remove_prefix(2);
    auto low = four_digits(raw);
    if (low < 0xdc00 || low > 0xdfff) fail("half a character");
    code = 0x10000 + ((code - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
  }
  if (code >= 0xd800 && code < 0xe000) fail("half a character");
  return encode_utf8(code, to);
}

uint32_t JsonReader::four_digits(std::string_view& raw) {
  uint32_t code = 0;
  auto digits = raw.substr(0, 4);
  raw.remove_prefix(digits.size());
  for (char c : digits) code = code << 4 | static_cast<uint32_t>(hex_digit(c) & 15);
  for (char c : digits) {
    if (hex_digit(c) < 0) digits = {};
  }
  if (digits.size() != 4) fail("expected four hexadecimal digits");
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
