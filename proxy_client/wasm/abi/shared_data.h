// Values that the VMs of one `vm_id` share, across workers. Each call takes Envoy's global lock.
#pragma once

#include <cstdint>
#include <string_view>

#include "host_bytes.h"
#include "imports.h"

namespace proxy {

struct SharedValue {
  HostBytes bytes;
  /// Which state of the value this is, for `set_shared`; never 0 for a value that exists.
  uint32_t version;
};

inline SharedValue shared(std::string_view key) {
  uint32_t version = 0;
  auto bytes = HostBytes::from([&](char** value, size_t* size) {
    return host::proxy_get_shared_data(key.data(), key.size(), value, size, &version);
  });
  return {std::move(bytes), version};
}

/// Sets a value. With a `version`, only if that is still the state (else CasMismatch); with 0,
/// whatever is there.
inline Status set_shared(std::string_view key, std::string_view value, uint32_t version = 0) {
  return host::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), version);
}

}  // namespace proxy
