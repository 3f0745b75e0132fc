// Headers of the request, the response and of answers to calls. Names are lower case; Envoy's
// pseudo headers (":path", ":method", ":authority", ":scheme", ":status") are among them.
#pragma once

#include <string_view>

#include "host_bytes.h"
#include "imports.h"
#include "pairs.h"

namespace proxy {

/// The value of one header; NotFound when it is missing, the first when it comes several times.
///
/// Costs 1.5 to 3 microseconds, most of it the host's call of `proxy_on_memory_allocate`; a missing
/// one 0.4. `all_headers` costs the same and 0.03 for each header: better from the second header
/// on.
inline HostBytes header(HeaderMap map, std::string_view name) {
  return HostBytes::from([&](char** bytes, size_t* size) {
    return host::proxy_get_header_map_value(map, name.data(), name.size(), bytes, size);
  });
}

/// All headers in one call, to be walked with `Pairs(bytes.view())`.
inline HostBytes all_headers(HeaderMap map) {
  return HostBytes::from([&](char** bytes, size_t* size) {
    return host::proxy_get_header_map_pairs(map, bytes, size);
  });
}

/// How many bytes the names and values of all headers have, or 0 when there is no such map now.
inline size_t headers_byte_size(HeaderMap map) {
  size_t size = 0;
  host::proxy_get_header_map_size(map, &size);
  return size;
}

/// Appends a header, also when one of this name is there.
inline Status add_header(HeaderMap map, std::string_view name, std::string_view value) {
  return host::proxy_add_header_map_value(map, name.data(), name.size(), value.data(),
                                          value.size());
}

/// Sets a header, in place of all of this name.
inline Status replace_header(HeaderMap map, std::string_view name, std::string_view value) {
  return host::proxy_replace_header_map_value(map, name.data(), name.size(), value.data(),
                                              value.size());
}

/// Removes all headers of this name; Ok also when there is none.
inline Status remove_header(HeaderMap map, std::string_view name) {
  return host::proxy_remove_header_map_value(map, name.data(), name.size());
}

}  // namespace proxy
