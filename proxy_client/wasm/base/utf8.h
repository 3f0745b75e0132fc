// Characters of UTF-8, one at a time.
#pragma once

#include <cstdint>
#include <string_view>

namespace base {

struct Character {
  uint32_t code;
  uint32_t size;       // in bytes, at least 1
  bool is_wellformed;  // else `size` is that of the maximal subpart, as the Unicode Standard has it
};

/// The character at the start of a text that is not empty.
Character decode_utf8(std::string_view text);

/// Writes a character; gives its size.
uint32_t encode_utf8(uint32_t code, char* to);

bool is_utf8(std::string_view text);

bool is_ascii(std::string_view text);

/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace base
