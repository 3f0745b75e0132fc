// A bucket of cells as bytes.
#pragma once

#include <cstdint>
#include <cstring>

#include "policy_filter/program.h"

namespace policy {

/// What was taken in one tick.
struct Amount {
  int64_t tick;
  int64_t count;
};

/// One cell of a bucket, which is cell after cell: a head, the key, and the amounts, oldest first.
struct Cell {
  struct Head {
    uint32_t key_size;
    uint32_t amount_count;
    int64_t ticks;  // 0: nothing ever leaves
  };

  Head head{};
  Text key;
  Text amounts;

  Amount amount(uint32_t index) const {
    Amount found;
    std::memcpy(&found, amounts.data() + index * sizeof(Amount), sizeof(Amount));
    return found;
  }
  /// Whether all that was taken has left.
  bool is_over(int64_t now) const {
    return head.ticks > 0 && amount(head.amount_count - 1).tick <= now - head.ticks;
  }
};

/// Takes the next cell off a bucket; false at its end.
bool next_cell(Text& bucket, Cell& cell);

/// Writes a bucket into memory that has room for it.
class BucketWriter {
 public:
  explicit BucketWriter(char* to) : start_(to), to_(to) {}

  void put(const void* bytes, size_t size) {
    std::memcpy(to_, bytes, size);
    to_ += size;
  }
  void put(Text bytes) { put(bytes.data(), bytes.size()); }
  void put(const Cell& cell);
  Text written() const { return {start_, static_cast<size_t>(to_ - start_)}; }

 private:
  char* start_;
  char* to_;
};

}  // namespace policy
