// Texts by text, in memory that others own.
#pragma once

#include <cstdint>
#include <string_view>

namespace base {

struct Entry {
  std::string_view name;
  std::string_view value;
};

/// Texts by text; each name is there once. Does not own its entries.
struct Map {
  const Entry* entries = nullptr;
  uint32_t size = 0;

  const Entry* find(std::string_view name) const {
    for (auto* entry = entries; entry != entries + size; ++entry) {
      if (entry->name == name) return entry;
    }
    return nullptr;
  }
};

}  // namespace base
