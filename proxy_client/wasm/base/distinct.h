// Maps of entries among which a name may come several times.
#pragma once

#include <cstdint>
#include <span>

#include "base/arena.h"
#include "base/map.h"

namespace base {

/// Which of the entries with one name counts.
enum class Keep : uint8_t { First, Last };

/// The entries in the order of their names, one for each name; empty when the arena is exhausted.
/// Takes n log n comparisons, since requests choose how many there are.
Map distinct(std::span<const Entry> entries, Keep keep, Arena& arena);

}  // namespace base
