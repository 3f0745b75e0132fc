// The end of a stream.
#include "exports.h"
#include "router.h"

using proxy::Router;

PROXY_WASM_EXPORT("proxy_on_log") void on_log(uint32_t id) { Router::log(id); }
