// Time.
#pragma once

#include <cstdint>

#include "imports.h"

namespace proxy {

/// The wall clock in ns since 1970; it can jump.
inline uint64_t now_ns() {
  uint64_t time = 0;
  host::proxy_get_current_time_nanoseconds(&time);
  return time;
}

/// A clock in ns that never jumps; only differences mean something.
inline uint64_t monotonic_ns() {
  constexpr uint32_t kMonotonic = 1;
  uint64_t time = 0;
  host::clock_time_get(kMonotonic, 0, &time);
  return time;
}

}  // namespace proxy
