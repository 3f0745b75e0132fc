// What the host calls in every filter, see proxy-wasm ABI 0.2.1.
//
// The host calls what is exported, and each callback costs a request 1 to 2 microseconds. So those
// that not every filter needs are in files of their own, exports_*.cc, which `callbacks` in
// build.py names.
#include "exports.h"

#include "buffer.h"
#include "log.h"
#include "memory.h"
#include "router.h"

namespace proxy {
namespace {

constexpr GrpcStatus kGrpcResourceExhausted = 8;

void receive(Token token, size_t size) {
  auto message = buffer(Buffer::GrpcMessage, 0, size);
  if (message) {
    Router::grpc_answer(token, {kGrpcOk, message.view(), {}});
  } else {
    // An empty message would be a valid one, with all fields at their defaults.
    Router::grpc_answer(token, {kGrpcResourceExhausted, {}, "no memory for the answer"});
  }
}

HostBytes error_of_call() {
  uint32_t code = 0;
  return HostBytes::from(
      [&](char** text, size_t* size) { return host::proxy_get_status(&code, text, size); });
}

}  // namespace
}  // namespace proxy

using proxy::Router;

PROXY_WASM_EXPORT("proxy_abi_version_0_2_1") void abi_version() {}

PROXY_WASM_EXPORT("proxy_on_memory_allocate") void* on_memory_allocate(size_t size) {
  return proxy::memory::allocate(size);
}

PROXY_WASM_EXPORT("proxy_on_configure") bool on_configure(uint32_t root_id, uint32_t size) {
  return Router::configure(root_id, size);
}

PROXY_WASM_EXPORT("proxy_on_context_create") void on_create(uint32_t id, uint32_t parent_id) {
  Router::create(id, parent_id);
}

PROXY_WASM_EXPORT("proxy_on_tick") void on_tick(uint32_t root_id) { Router::tick(root_id); }

PROXY_WASM_EXPORT("proxy_on_request_headers")
proxy::HeadersAction on_request_headers(uint32_t id, uint32_t count, uint32_t end_of_stream) {
  return Router::request_headers(id, count, end_of_stream != 0);
}

PROXY_WASM_EXPORT("proxy_on_grpc_receive")
void on_grpc_receive(uint32_t, uint32_t token, uint32_t size) { proxy::receive(token, size); }

PROXY_WASM_EXPORT("proxy_on_grpc_close")
void on_grpc_close(uint32_t, uint32_t token, uint32_t status) {
  auto error = proxy::error_of_call();
  Router::grpc_answer(token, {status, {}, error.view()});
}

PROXY_WASM_EXPORT("proxy_on_http_call_response")
void on_http_answer(uint32_t, uint32_t token, uint32_t header_count, uint32_t body_size, uint32_t) {
  Router::http_answer(token, {header_count, body_size});
}

PROXY_WASM_EXPORT("proxy_on_delete") void on_delete(uint32_t id) { Router::remove(id); }
