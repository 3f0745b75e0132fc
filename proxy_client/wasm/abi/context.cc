#include "context.h"

#include "imports.h"
#include "registry.h"

namespace proxy {
namespace {

std::nullopt_t refused() {
  fail(Failure::TooManyCalls);
  return std::nullopt;
}

}  // namespace

std::optional<Token> Context::call(const GrpcCall& call) {
  if (!calls().has_room()) return refused();
  auto target = grpc_service(call.cluster);
  auto metadata = serialize(call.metadata);
  Token token = 0;
  auto status = host::proxy_grpc_call(target.data(), target.size(), call.service.data(),
                                      call.service.size(), call.method.data(), call.method.size(),
                                      metadata.data(), metadata.size(), call.message.data(),
                                      call.message.size(), call.timeout_ms, &token);
  if (status != Status::Ok) return std::nullopt;
  calls().add(token, id());
  return token;
}

std::optional<Token> Context::call(const HttpCall& call) {
  if (!calls().has_room()) return refused();
  auto headers = serialize(call.headers);
  Token token = 0;
  auto status = host::proxy_http_call(call.cluster.data(), call.cluster.size(), headers.data(),
                                      headers.size(), call.body.data(), call.body.size(), nullptr,
                                      0, call.timeout_ms, &token);
  if (status != Status::Ok) return std::nullopt;
  calls().add(token, id());
  return token;
}

void Context::cancel(Token token) {
  // There may be an answer to it yet, if it is ended while it fails.
  if (calls().take(token) != 0) host::proxy_grpc_cancel(token);
}

HeadersAction StreamContext::on_request_headers(uint32_t, bool) { return HeadersAction::Continue; }
HeadersAction StreamContext::on_response_headers(uint32_t, bool) { return HeadersAction::Continue; }
BodyAction StreamContext::on_request_body(uint32_t, bool) { return BodyAction::Continue; }
BodyAction StreamContext::on_response_body(uint32_t, bool) { return BodyAction::Continue; }

void StreamContext::continue_request() {
  if (!is_held_) return;
  is_held_ = false;
  host::proxy_continue_stream(Direction::Request);
}

void StreamContext::reply(const LocalReply& answer) {
  is_held_ = false;
  has_replied_ = true;
  auto headers = serialize(answer.headers);
  host::proxy_send_local_response(answer.status, answer.details.data(), answer.details.size(),
                                  answer.body.data(), answer.body.size(), headers.data(),
                                  headers.size(), answer.grpc_status);
}

void RootContext::set_tick_period(uint32_t period_ms) {
  host::proxy_set_tick_period_milliseconds(period_ms);
}

void RootContext::finish() { host::proxy_done(); }

}  // namespace proxy
