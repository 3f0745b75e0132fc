// What is taken of limits: by all workers of an Envoy together, or by each alone.
//
// Shared data has no way to delete a key, and keys made of what clients send would be without end.
// So there are 1,024 buckets, each with up to 64 cells that its hash gives it and up to 256 KiB;
// one swap of a bucket changes one cell, and drops those from which all has left. Cells of one
// worker lie in the same form in its VM, with at most 16 MiB for all.
#pragma once

#include <cstdint>

#include "policy_filter/program.h"

namespace policy {

enum class Taken : uint8_t { No, Yes, Failed };

struct Taking {
  const Limit& limit;
  Text key;
  int64_t amount;
  uint64_t now_ns;
};

/// Takes an amount of a cell of a limit, if there is that much. Failed when there is no room for
/// the cell, or others swap all the time. `scratch` is for as long as the request lasts.
Taken take(CellsKind kind, const Taking& taking, base::Arena& scratch);

}  // namespace policy
