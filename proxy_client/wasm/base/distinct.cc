#include "base/distinct.h"

#include <algorithm>

namespace base {

Map distinct(std::span<const Entry> entries, Keep keep, Arena& arena) {
  auto* order = static_cast<uint32_t*>(arena.allocate(entries.size() * sizeof(uint32_t)));
  auto* kept = static_cast<Entry*>(arena.allocate(entries.size() * sizeof(Entry)));
  if (order == nullptr || kept == nullptr) return {};
  for (uint32_t i = 0; i < entries.size(); ++i) order[i] = i;
  auto is_before = [&](uint32_t one, uint32_t other) {
    int way = entries[one].name.compare(entries[other].name);
    return way != 0 ? way < 0 : one < other;
  };
  // By a heap, which takes a quarter of the code that std::sort does.
  std::make_heap(order, order + entries.size(), is_before);
  std::sort_heap(order, order + entries.size(), is_before);
  uint32_t size = 0;
  for (uint32_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[order[i]];
    if (size == 0 || kept[size - 1].name != entry.name) {
      kept[size++] = entry;
    } else if (keep == Keep::Last) {
      kept[size - 1].value = entry.value;
    }
  }
  return {kept, size};
}

}  // namespace base
