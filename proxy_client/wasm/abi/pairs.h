// The ABI's form of a list of string pairs: headers, gRPC metadata, and properties that are maps.
//
// All numbers are 32 bits, little endian: the number of pairs; then for each pair the length of its
// name and of its value; then for each pair name, NUL, value, NUL.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace proxy {

struct Pair {
  std::string_view name;
  std::string_view value;
};

/// Walks serialised pairs where they lie: `for (auto [name, value] : Pairs(bytes))`. Bytes that
/// are not pairs give none.
class Pairs {
 public:
  explicit Pairs(std::string_view bytes) : bytes_(bytes) {
    if (bytes.size() >= kWord) count_ = word(0);
    if (count_ > bytes.size() / (2 * kWord)) count_ = 0;
  }

  class Iterator {
   public:
    Iterator(const Pairs& pairs, uint32_t index)
        : pairs_(pairs), index_(index), offset_(pairs.first_offset()) {}

    Pair operator*() const {
      return {pairs_.piece(offset_, name_size()), pairs_.piece(value_offset(), value_size())};
    }

    Iterator& operator++() {
      offset_ = value_offset() + value_size() + 1;
      ++index_;
      return *this;
    }

    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    size_t name_size() const { return pairs_.word(kWord + index_ * 2 * kWord); }
    size_t value_size() const { return pairs_.word(2 * kWord + index_ * 2 * kWord); }
    size_t value_offset() const { return offset_ + name_size() + 1; }

    const Pairs& pairs_;
    uint32_t index_;
    size_t offset_;
  };

  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, count_}; }
  uint32_t size() const { return count_; }

 private:
  static constexpr size_t kWord = sizeof(uint32_t);

  uint32_t word(size_t offset) const {
    uint32_t value;
    std::memcpy(&value, bytes_.data() + offset, kWord);
    return value;
  }

  size_t first_offset() const { return kWord + size_t{count_} * 2 * kWord; }

  std::string_view piece(size_t offset, size_t size) const {
    return offset > bytes_.size() ? std::string_view() : bytes_.substr(offset, size);
  }

  std::string_view bytes_;
  uint32_t count_ = 0;
};

/// Pairs to hand to a function. Holds views: the strings must outlive the call.
using PairList = std::span<const Pair>;

/// Serialises pairs. No pairs give no bytes, which the host takes as none.
inline std::string serialize(PairList pairs) {
  std::string bytes;
  if (pairs.empty()) return bytes;
  size_t size = sizeof(uint32_t) * (1 + 2 * pairs.size());
  for (const auto& pair : pairs) size += pair.name.size() + pair.value.size() + 2;
  bytes.reserve(size);
  auto add = [&bytes](uint32_t word) {
    bytes.append(reinterpret_cast<const char*>(&word), sizeof(word));
  };
  add(pairs.size());
  for (const auto& pair : pairs) {
    add(pair.name.size());
    add(pair.value.size());
  }
  for (const auto& pair : pairs) {
    bytes.append(pair.name).push_back('\0');
    bytes.append(pair.value).push_back('\0');
  }
  return bytes;
}

}  // namespace proxy
