// Envoy's response flags: why it answered itself, or what went wrong on the way.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"

namespace mixer_client {

/// The flag of a request that an external service denied.
inline constexpr uint64_t kDeniedFlag = uint64_t{1} << 12;

/// The short codes, joined with `,`, as Envoy's %RESPONSE_FLAGS%; `-` when there are none. Flags
/// that are newer than Envoy 1.40 are passed over.
std::string_view flag_codes(uint64_t flags, base::Arena& arena);

}  // namespace mixer_client
