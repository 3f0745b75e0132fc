// Header operations of Mixer's route directives.
#pragma once

#include <vector>

#include "abi/headers.h"
#include "mixer_client/verdict.h"

namespace mixer_client {

/// Makes these changes, in order, as proxy_client/http/enforcement.py does.
void change_headers(proxy::HeaderMap map, const std::vector<HeaderChange>& changes);

}  // namespace mixer_client
