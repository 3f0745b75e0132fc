// Constants.
#include <cstring>

#include "base/utf8.h"
#include "policy_filter/load.h"

namespace policy {
namespace {

using base::hex_digit;

constexpr size_t kMaxDigits = 19;

void read_int(Reader& json, Constant& it) {
  auto digits = json.kept_text();
  bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > kMaxDigits) json.fail("not a number");
  uint64_t number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') json.fail("not a number");
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  if (number > uint64_t{INT64_MAX} + is_negative) json.fail("a number out of range");
  it.kind = Kind::Int;
  it.value = Value::of_number(static_cast<int64_t>(is_negative ? 0 - number : number));
}

void read_double(Reader& json, Constant& it) {
  uint64_t bits = 0;
  auto digits = json.kept_text();
  if (digits.size() != 2 * sizeof(bits)) json.fail("not a double");
  for (char c : digits) {
    if (hex_digit(c) < 0) json.fail("not a double");
    bits = bits << 4 | static_cast<uint64_t>(hex_digit(c) & 15);
  }
  it.kind = Kind::Double;
  std::memcpy(&it.value.real, &bits, sizeof(bits));
}

void read_address_constant(Reader& json, Constant& it) {
  Text bytes;
  read_address(json, &bytes);
  it.kind = Kind::Address;
  it.value = Value::of(bytes);
}

void read_map(Reader& json, Constant& it) {
  Items<Entry> entries;
  json.object([&](std::string_view key) {
    auto name = json.arena().copy(key);
    entries.add(json.arena()) = {name, json.kept_text()};
  });
  auto* map = static_cast<Map*>(json.arena().allocate(sizeof(Map)));
  *map = {entries.begin(), entries.size()};
  it.kind = Kind::Map;
  it.value = Value::of_map(map);
}

constexpr Member kConstant[] = {
    {"int", with<Constant, read_int>, 0},
    {"double", with<Constant, read_double>, 0},
    {"address", with<Constant, read_address_constant>, 0},
    {"map", with<Constant, read_map>, 0},
};

}  // namespace

void read_address(Reader& json, void* text) {
  auto digits = json.kept_text();
  if (digits.size() != 8 && digits.size() != 32) return json.fail("not an address");
  char* bytes = json.arena().bytes(digits.size() / 2);
  for (size_t i = 0; i < digits.size(); i += 2) {
    int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) return json.fail("not an address");
    bytes[i / 2] = static_cast<char>(high * 16 + low);
  }
  *static_cast<Text*>(text) = {bytes, digits.size() / 2};
}

void read_constant(Reader& json, void* target) {
  auto& constant = *static_cast<Constant*>(target);
  char next = json.peek();
  if (next == '"') {
    constant = {Kind::Text, Value::of(json.kept_text())};
  } else if (next == '{') {
    auto seen = read_some(json, kConstant, &constant);
    if (seen == 0 || (seen & (seen - 1)) != 0) json.fail("not a constant");
  } else {
    constant = {Kind::Bool, Value::of_flag(json.boolean())};
  }
}

}  // namespace policy
