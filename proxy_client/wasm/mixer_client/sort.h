// Sorting. The one of the standard library is made anew for each type, and takes 8 KB of code each
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "mixer_client/function_ref.h"

namespace mixer_client {

using IsBefore = FunctionRef<bool(uint32_t one, uint32_t other)>;

/// Puts numbers in order, in n log n steps; which of two equal ones comes first is left open.
void sort(std::span<uint32_t> numbers, IsBefore is_before);

/// Puts items in order. `is_before(one, other)` says whether the one must stand before the other.
template <class Item, class Before>
void sort_items(std::vector<Item>& items, Before is_before) {
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0);
  sort(order, [&](uint32_t one, uint32_t other) { return is_before(items[one], items[other]); });
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (auto place : order) sorted.push_back(std::move(items[place]));
  items = std::move(sorted);
}

}  // namespace mixer_client
