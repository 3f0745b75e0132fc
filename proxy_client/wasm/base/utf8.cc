#include "base/utf8.h"

#include <cstring>

namespace base {
namespace {

struct Lead {
  uint32_t size;
  uint32_t bits;
  uint8_t least, most;  // of the second byte
};

Lead lead(uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1fu, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0xd, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, byte & 0xfu, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0, 0x90, 0xbf};
  if (byte == 0xf4) return {4, 4, 0x80, 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, byte & 7u, 0x80, 0xbf};
  return {1, 0, 0, 0};
}

}  // namespace

Character decode_utf8(std::string_view text) {
  auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return {first, 1, true};
  auto [size, code, least, most] = lead(first);
  for (uint32_t i = 1; i < size; ++i) {
    auto byte = i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
    if (byte < least || byte > most) return {0, i, false};
    code = code << 6 | (byte & 0x3fu);
    least = 0x80;
    most = 0xbf;
  }
  return {code, size, size > 1};
}

uint32_t encode_utf8(uint32_t code, char* to) {
  if (code < 0x80) {
    to[0] = static_cast<char>(code);
    return 1;
  }
  uint32_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (uint32_t i = size - 1; i > 0; --i, code >>= 6)
    to[i] = static_cast<char>(0x80 | (code & 0x3f));
  constexpr uint8_t kLeads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  to[0] = static_cast<char>(kLeads[size] | code);
  return size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto character = decode_utf8(text);
    if (!character.is_wellformed) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

// Eight bytes at a time: nearly all that comes is ASCII.
bool is_ascii(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  for (; text.size() >= sizeof(uint64_t); text.remove_prefix(sizeof(uint64_t))) {
    uint64_t word;
    std::memcpy(&word, text.data(), sizeof(word));
    if ((word & kHighBits) != 0) return false;
  }
  for (char c : text) {
    if (static_cast<uint8_t>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace base
