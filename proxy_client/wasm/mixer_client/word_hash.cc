#include "mixer_client/word_hash.h"

#include <cstring>

namespace mixer_client {
namespace {

// Both halves of the product: every bit of it depends on many of both factors.
uint64_t multiply(uint64_t one, uint64_t other) {
  auto product = static_cast<unsigned __int128>(one) * other;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t load_64(const char* from) {
  uint64_t number;
  std::memcpy(&number, from, sizeof(number));
  return number;
}

uint64_t load_32(const char* from) {
  uint32_t number;
  std::memcpy(&number, from, sizeof(number));
  return number;
}

struct Ends {
  uint64_t first, last;
};

// All of a text of up to 16 bytes; its two ends may share bytes.
Ends ends(std::string_view text) {
  auto* bytes = text.data();
  size_t size = text.size();
  if (size >= 8) return {load_64(bytes), load_64(bytes + size - 8)};
  if (size >= 4) return {load_32(bytes), load_32(bytes + size - 4)};
  if (size == 0) return {0, 0};
  auto byte = [&](size_t i) { return uint64_t{static_cast<uint8_t>(bytes[i])}; };
  return {byte(0) << 8 | byte(size / 2), byte(size - 1)};
}

}  // namespace

uint64_t WordHash::mixed(std::string_view word) const {
  uint64_t hash = word.size();
  for (; word.size() > 16; word.remove_prefix(16)) {
    // Without the keys, a factor could be made 0, which hides what the other one is.
    hash =
        multiply(load_64(word.data()) ^ first_key_ ^ hash, load_64(word.data() + 8) ^ second_key_);
  }
  auto [first, last] = ends(word);
  return multiply(first ^ first_key_ ^ hash, last ^ second_key_);
}

uint32_t WordHash::operator()(std::string_view word) const {
  return static_cast<uint32_t>(multiply(mixed(word) ^ second_key_, 0x9e3779b97f4a7c15));
}

void WordHash::change_key(std::string_view text) {
  uint64_t first = mixed(text);
  first_key_ = multiply(first ^ second_key_, 0xd1b54a32d192ed03);
  second_key_ ^= multiply(first ^ first_key_, 0x9e3779b97f4a7c15);
}

}  // namespace mixer_client
