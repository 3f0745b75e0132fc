#include "policy_filter/items.h"

#include <cstring>

namespace policy {

void* RawItems::add(base::Arena& arena, size_t item_size) {
  // A list grows when its size is a power of two, or none.
  if ((count & (count - 1)) == 0) {
    void* grown = arena.allocate((count == 0 ? 1 : 2 * count) * item_size);
    if (count != 0) std::memcpy(grown, items, count * item_size);
    items = grown;
  }
  void* added = static_cast<char*>(items) + count++ * item_size;
  std::memset(added, 0, item_size);
  return added;
}

}  // namespace policy
