#include "policy_filter/address.h"

#include <cstring>

#include "base/utf8.h"
#include "policy_filter/number.h"

namespace policy {

using base::hex_digit;
namespace {

constexpr std::string_view kV4Prefix{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};
constexpr size_t kGroups = 8;

bool parse_v4(std::string_view text, char* to) {
  for (int part = 0; part < 4; ++part) {
    auto end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3) return false;
    if (end > 1 && text[0] == '0') return false;
    uint32_t number = 0;
    for (char c : text.substr(0, end)) {
      if (c < '0' || c > '9') return false;
      number = number * 10 + static_cast<uint32_t>(c - '0');
    }
    if (number > 255) return false;
    to[part] = static_cast<char>(number);
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return true;
}

bool parse_group(std::string_view text, char* to) {
  if (text.empty() || text.size() > 4) return false;
  uint32_t number = 0;
  for (char c : text) {
    int digit = hex_digit(c);
    if (digit < 0) return false;
    number = number << 4 | static_cast<uint32_t>(digit);
  }
  to[0] = static_cast<char>(number >> 8);
  to[1] = static_cast<char>(number);
  return true;
}

// Groups with colons between them, up to `room` bytes; gives how many bytes, or -1. The last may be
// an IPv4 address.
int parse_groups(std::string_view text, char* to, int room, bool may_end_in_v4) {
  int size = 0;
  while (!text.empty()) {
    auto end = text.find(':');
    bool is_last = end == std::string_view::npos;
    auto part = text.substr(0, end);
    if (is_last && may_end_in_v4 && part.find('.') != std::string_view::npos) {
      return size + 4 <= room && parse_v4(part, to + size) ? size + 4 : -1;
    }
    if (size + 2 > room || !parse_group(part, to + size)) return -1;
    size += 2;
    if (is_last) break;
    text.remove_prefix(end + 1);
    if (text.empty()) return -1;
  }
  return size;
}

bool parse_v6(std::string_view text, char* to) {
  auto gap = text.find("::");
  if (gap == std::string_view::npos) return parse_groups(text, to, 16, true) == 16;
  char tail[16];
  int before = parse_groups(text.substr(0, gap), to, 14, false);
  int behind = parse_groups(text.substr(gap + 2), tail, 14, true);
  if (before < 0 || behind < 0 || before + behind > 14) return false;
  std::memset(to + before, 0, static_cast<size_t>(16 - before - behind));
  std::memcpy(to + 16 - behind, tail, static_cast<size_t>(behind));
  return true;
}

size_t v4_text(std::string_view address, char* to) {
  size_t size = 0;
  for (char byte : address) {
    if (size != 0) to[size++] = '.';
    size += decimal(static_cast<uint8_t>(byte), to + size);
  }
  return size;
}

uint32_t group(std::string_view address, size_t index) {
  return static_cast<uint32_t>(static_cast<uint8_t>(address[2 * index])) << 8 |
         static_cast<uint8_t>(address[2 * index + 1]);
}

// The longest run of two or more zero groups, the first of several (RFC 5952).
void find_gap(std::string_view address, size_t& start, size_t& size) {
  start = kGroups;
  size = 1;
  for (size_t i = 0; i < kGroups; ++i) {
    size_t run = 0;
    while (i + run < kGroups && group(address, i + run) == 0) ++run;
    if (run > size) {
      start = i;
      size = run;
    }
  }
}

size_t hex(uint32_t number, char* to) {
  size_t size = 0;
  for (int shift = 12; shift >= 0; shift -= 4) {
    auto digit = number >> shift & 15;
    if (digit != 0 || size != 0 || shift == 0) to[size++] = "0123456789abcdef"[digit];
  }
  return size;
}

}  // namespace

bool parse_address(std::string_view text, char* to) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text, to);
  std::memcpy(to, kV4Prefix.data(), kV4Prefix.size());
  return parse_v4(text, to + kV4Prefix.size());
}

std::string_view shortest_address(std::string_view address) {
  return address.size() == 16 && address.starts_with(kV4Prefix) ? address.substr(12) : address;
}

size_t address_text(std::string_view address, char* to) {
  address = shortest_address(address);
  if (address.size() != 16) return v4_text(address, to);
  size_t start, gap, size = 0;
  find_gap(address, start, gap);
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == start) {
      to[size++] = ':';
      to[size++] = ':';
      i += gap - 1;
      continue;
    }
    if (i != 0 && to[size - 1] != ':') to[size++] = ':';
    size += hex(group(address, i), to + size);
  }
  return size;
}

}  // namespace policy
