#include "policy_filter/address.h"

#include <cstring>

#include "base/address.h"
#include "policy_filter/number.h"

namespace policy {
namespace {

constexpr std::string_view kV4Prefix{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};
constexpr size_t kSizeV4 = 4;
constexpr size_t kGroups = 8;

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
  if (text.find('%') != std::string_view::npos) return false;
  auto size = base::read_address(text, to);
  if (size == kSizeV4) {
    std::memmove(to + kV4Prefix.size(), to, kSizeV4);
    std::memcpy(to, kV4Prefix.data(), kV4Prefix.size());
  }
  return size != 0;
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
