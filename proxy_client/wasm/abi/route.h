// Which route a request takes.
#pragma once

#include "host_bytes.h"
#include "imports.h"

namespace proxy {

/// Has Envoy choose the route anew, by the headers as they are then.
///
/// A route is chosen once, at the latest when somebody reads a property of it. Changes of headers
/// do not undo that by themselves.
inline void clear_route_cache() {
  constexpr std::string_view kName = "clear_route_cache";
  HostBytes::from([&](char** bytes, size_t* size) {
    return host::proxy_call_foreign_function(kName.data(), kName.size(), nullptr, 0, bytes, size);
  });
}

}  // namespace proxy
