// Who the proxy is that this runs in.
#pragma once

#include "mixer_client/settings.h"

namespace mixer_client {

/// By the node's metadata NODE_UID and NODE_NAMESPACE, else by its id, as Istio makes it:
/// `sidecar~10.0.0.1~pod.namespace~domain`. Empty texts when neither says it.
ProxyNode proxy_node();

}  // namespace mixer_client
