// Time.
#pragma once

#include <cstdint>

#include "imports.h"

namespace proxy {

/// The wall clock in ns since 1970. The host has no other; it can jump.
inline uint64_t now_ns() {
  uint64_t time = 0;
  host::proxy_get_current_time_nanoseconds(&time);
  return time;
}

}  // namespace proxy
