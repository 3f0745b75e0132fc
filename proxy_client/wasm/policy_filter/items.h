// Lists of a program, in the memory of its arena.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/arena.h"

namespace policy {

/// A list of anything: so that the code that reads programs is there once, not for each type.
struct RawItems {
  void* items = nullptr;
  uint32_t count = 0;

  /// Makes room for one more item at the end, of zero bytes; gives its place.
  void* add(base::Arena& arena, size_t item_size);
};

/// A list of items that are right when all their bytes are zero.
template <class Item>
struct Items : RawItems {
  Item& add(base::Arena& arena) {
    static_assert(std::is_trivially_copyable_v<Item>);
    return *static_cast<Item*>(RawItems::add(arena, sizeof(Item)));
  }
  Item* begin() const { return static_cast<Item*>(items); }
  Item* end() const { return begin() + count; }
  Item& operator[](size_t index) const { return begin()[index]; }
  uint32_t size() const { return count; }
  bool empty() const { return count == 0; }
};

}  // namespace policy
