// The stats of one metric, by name.
#pragma once

#include <cstdint>
#include <memory>

#include "base/arena.h"
#include "policy_filter/program.h"

namespace policy {

/// A number for each stat, up to so many of them and 1 MiB of names.
class Series {
 public:
  static constexpr size_t kMaxNamesSize = 1024 * 1024;

  /// The number of the stat with that name, which is 0 until the caller sets it; null if there are
  /// `most` others.
  uint32_t* find(Text name, uint32_t most);

 private:
  struct Slot {
    uint32_t hash;
    uint32_t number;
    Text name;  // without bytes where the slot is free
  };

  Slot& slot(uint32_t hash, Text name);
  void grow();

  base::Arena names_{kMaxNamesSize};
  std::unique_ptr<Slot[]> slots_;
  uint32_t mask_ = 0;
  uint32_t count_ = 0;
};

}  // namespace policy
