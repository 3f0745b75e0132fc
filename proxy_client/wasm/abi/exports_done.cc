// The end of a plugin configuration.
#include "exports.h"
#include "router.h"

using proxy::Router;

PROXY_WASM_EXPORT("proxy_on_done") bool on_done(uint32_t id) { return Router::done(id); }
