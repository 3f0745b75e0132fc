// What Mixer wants done to a request and its response, as it stands in an answer's bytes.
#pragma once

#include <string_view>

#include "mixer_client/verdict.h"

namespace mixer_client {

/// Adds what is in these bytes; false when they are no RouteDirective, or too large.
bool read_route_directive(std::string_view bytes, RouteDirective& directive);

}  // namespace mixer_client
