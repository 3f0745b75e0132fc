// What is taken of limits, shared between the workers of an Envoy.
//
// Shared data has no way to delete a key, and keys made of what clients send would be without end.
// So there are 1,024 keys, each with up to 64 cells that its hash gives it; one swap of a value
// changes one cell, and drops those from which all has left.
#pragma once

#include <cstdint>
#include <string_view>

#include "policy_filter/program.h"

namespace policy {

enum class Taken { No, Yes, Failed };

/// Takes an amount of a cell of a limit, if there is that much. Failed when there is no room for
/// the cell, or others swap all the time.
Taken take(const Limit& limit, std::string_view key, int64_t amount, uint64_t now_ns);

}  // namespace policy
