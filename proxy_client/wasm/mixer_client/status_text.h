// How denials are said in HTTP; the C++ twin of mixer/status.py.
#pragma once

#include <cstdint>
#include <string>

#include "mixer_client/verdict.h"

namespace mixer_client {

/// The HTTP status of a plain denial with that gRPC code; 500 for a code that nobody defined.
uint32_t http_status(int32_t code);

/// `CODE_NAME:message`, or only the name without a message.
std::string status_text(const Status& status);

}  // namespace mixer_client
