// Bodies, messages of calls, and configurations.
#pragma once

#include <string_view>

#include "host_bytes.h"
#include "imports.h"

namespace proxy {

/// Up to `length` bytes from `start`.
inline HostBytes buffer(Buffer which, size_t start, size_t length) {
  return HostBytes::from([&](char** bytes, size_t* size) {
    return host::proxy_get_buffer_bytes(which, start, length, bytes, size);
  });
}

/// Puts `bytes` in place of a whole body. Only inside a body callback.
inline Status replace_body(Buffer which, std::string_view bytes) {
  return host::proxy_set_buffer_bytes(which, 0, SIZE_MAX, bytes.data(), bytes.size());
}

}  // namespace proxy
