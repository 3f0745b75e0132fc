// Attributes that one proxy hands to the next, in the header `x-istio-attributes`; the C++ twin of
// proxy_client/http/forwarded.py.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/settings.h"

namespace mixer_client {

/// What the proxy before this one has sent; at most six.
using Forwarded = std::vector<std::pair<Name, std::string>>;

/// The six names that are believed of it, since whoever can send a request can send the header.
std::span<const std::string_view> believed_names();

/// Reads what came in the header (unless the settings ignore it), removes it, and sets it anew when
/// there is something to forward. `service` may be null.
Forwarded take_forwarded(const Settings& settings, const Service* service);

}  // namespace mixer_client
