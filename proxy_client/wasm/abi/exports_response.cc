// The headers of responses.
#include "exports.h"
#include "router.h"

using proxy::Router;

PROXY_WASM_EXPORT("proxy_on_response_headers")
proxy::HeadersAction on_response_headers(uint32_t id, uint32_t count, uint32_t end_of_stream) {
  return Router::response_headers(id, count, end_of_stream != 0);
}
