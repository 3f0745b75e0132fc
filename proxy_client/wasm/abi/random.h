// Bits that nobody can guess.
#pragma once

#include <cstdint>

#include "imports.h"

namespace proxy {

/// 64 random bits of the host; for seeds and ids, as it costs a call of the host.
inline uint64_t random_bits() {
  uint64_t bits = 0;
  host::random_get(&bits, sizeof(bits));
  return bits;
}

}  // namespace proxy
