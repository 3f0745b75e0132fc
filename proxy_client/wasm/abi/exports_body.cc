// Each chunk of the bodies.
#include "exports.h"
#include "router.h"

using proxy::Router;

PROXY_WASM_EXPORT("proxy_on_request_body")
proxy::BodyAction on_request_body(uint32_t id, uint32_t size, uint32_t end_of_stream) {
  return Router::request_body(id, size, end_of_stream != 0);
}

PROXY_WASM_EXPORT("proxy_on_response_body")
proxy::BodyAction on_response_body(uint32_t id, uint32_t size, uint32_t end_of_stream) {
  return Router::response_body(id, size, end_of_stream != 0);
}
