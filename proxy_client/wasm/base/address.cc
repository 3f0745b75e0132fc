#include "base/address.h"

#include <cstring>

#include "base/utf8.h"

namespace base {
namespace {

constexpr size_t kSizeV4 = 4;
constexpr int kSizeV6 = 16;
constexpr int kNone = -1;

// A decimal number without superfluous zeros; kNone for what is none, or more than `most`.
int number(std::string_view digits, int most) {
  if (digits.empty() || digits.size() > 5) return kNone;
  if (digits.size() > 1 && digits[0] == '0') return kNone;
  int found = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return kNone;
    found = found * 10 + (c - '0');
  }
  return found <= most ? found : kNone;
}

bool read_v4(std::string_view text, char* to) {
  for (size_t i = 0; i < kSizeV4; ++i) {
    auto end = i + 1 < kSizeV4 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return false;
    int byte = number(text.substr(0, end), 255);
    if (byte == kNone) return false;
    to[i] = static_cast<char>(byte);
    text.remove_prefix(i + 1 < kSizeV4 ? end + 1 : end);
  }
  return true;
}

bool read_group(std::string_view text, char* to) {
  if (text.empty() || text.size() > 4) return false;
  uint32_t found = 0;
  for (char c : text) {
    int digit = hex_digit(c);
    if (digit < 0) return false;
    found = found << 4 | static_cast<uint32_t>(digit);
  }
  to[0] = static_cast<char>(found >> 8);
  to[1] = static_cast<char>(found);
  return true;
}

// Groups with colons between them, up to `room` bytes; gives how many bytes, or kNone. The last may
// be an IPv4 address.
int read_groups(std::string_view text, char* to, int room, bool may_end_in_v4) {
  int size = 0;
  while (!text.empty()) {
    auto end = text.find(':');
    bool is_last = end == std::string_view::npos;
    auto part = text.substr(0, end);
    if (is_last && may_end_in_v4 && part.find('.') != std::string_view::npos) {
      return size + 4 <= room && read_v4(part, to + size) ? size + 4 : kNone;
    }
    if (size + 2 > room || !read_group(part, to + size)) return kNone;
    size += 2;
    if (is_last) break;
    text.remove_prefix(end + 1);
    if (text.empty()) return kNone;
  }
  return size;
}

bool read_v6(std::string_view text, char* to) {
  auto gap = text.find("::");
  if (gap == std::string_view::npos) return read_groups(text, to, kSizeV6, true) == kSizeV6;
  char tail[kSizeV6];
  int before = read_groups(text.substr(0, gap), to, kSizeV6 - 2, false);
  int behind = read_groups(text.substr(gap + 2), tail, kSizeV6 - 2, true);
  if (before < 0 || behind < 0 || before + behind > kSizeV6 - 2) return false;
  std::memset(to + before, 0, static_cast<size_t>(kSizeV6 - before - behind));
  std::memcpy(to + kSizeV6 - behind, tail, static_cast<size_t>(behind));
  return true;
}

}  // namespace

size_t read_address(std::string_view text, char* to) {
  if (text.find(':') == std::string_view::npos) return read_v4(text, to) ? kSizeV4 : 0;
  return read_v6(text.substr(0, text.find('%')), to) ? kSizeV6 : 0;
}

std::optional<Endpoint> split_endpoint(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  int port = number(text.substr(colon + 1), UINT16_MAX);
  if (port == kNone) return std::nullopt;
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  return Endpoint{address, static_cast<uint16_t>(port)};
}

}  // namespace base
