#include "mixer_client/filter.h"
#include "mixer_client/header_changes.h"

namespace mixer_client {

using proxy::HeaderMap;
using proxy::HeadersAction;

namespace {

// Codes that gRPC does not know are left to Envoy, which looks at the HTTP status then.
uint32_t grpc_status(int32_t code) {
  constexpr int32_t kUnauthenticated = 16;
  auto is_known = code > 0 && code <= kUnauthenticated;
  return is_known ? static_cast<uint32_t>(code) : proxy::LocalReply::kNoGrpcStatus;
}

// What no client would take for the end of a response is an error of the policy.
uint32_t final_status(uint32_t code) {
  constexpr uint32_t kInternalError = 500;
  return code >= 200 && code <= 599 ? code : kInternalError;
}

bool has_body(uint32_t status) { return status != 204 && status != 304; }

}  // namespace

// The client has left before the verdict came.
Stream::~Stream() {
  if (state_ == State::Calling) mixer_root().cancel(question_);
}

HeadersAction Stream::on_request_headers(uint32_t, bool end_of_stream) {
  start(end_of_stream);
  if (service_ == nullptr || !service_->has_check) return HeadersAction::Continue;
  auto asked = mixer_root().check(id(), *service_, forwarded_);
  if (asked.verdict != nullptr) return enforce(*asked.verdict);
  state_ = State::Calling;
  question_ = asked.question;
  return HeadersAction::Pause;
}

void Stream::start(bool is_bare) {
  state_ = State::Complete;
  facts_.is_request_bare = is_bare;
  service_ = mixer_root().pick_service();
  facts_.request_header_size = proxy::headers_byte_size(HeaderMap::Request);
  forwarded_ = take_forwarded(mixer_root().settings(), service_);
}

void Stream::on_verdict(const Verdict& verdict) {
  state_ = State::Complete;
  if (enforce(verdict) == HeadersAction::Continue) continue_request();
}

// In this order:
//
// 1. a direct response is sent, whatever the verdict, with the header operations for responses
// 2. a denial is answered with the HTTP status of its code, and `CODE_NAME:message` as its body
// 3. what may pass gets the header operations for requests, and those for responses on its way back
HeadersAction Stream::enforce(const Verdict& verdict) {
  facts_.was_asked = true;
  facts_.is_check_cache_hit = verdict.is_check_cache_hit;
  facts_.is_quota_cache_hit = verdict.is_quota_cache_hit;
  facts_.denial = verdict.status;
  auto& directive = verdict.directive;
  if (directive && directive->direct_response_code != 0) {
    directive_ = directive;
    return respond(*directive);
  }
  if (!verdict.status.is_ok()) return deny(verdict.status);
  directive_ = directive;
  if (directive && !directive->request_changes.empty()) {
    change_headers(HeaderMap::Request, directive->request_changes);
    proxy::clear_route_cache();
  }
  return HeadersAction::Continue;
}

HeadersAction Stream::respond(const RouteDirective& directive) {
  state_ = State::Responded;
  auto status = final_status(directive.direct_response_code);
  reply({.status = status,
         .body = has_body(status) ? directive.direct_response_body : std::string_view(),
         .details = "mixer_direct_response"});
  return HeadersAction::Pause;
}

HeadersAction Stream::deny(const Status& status) {
  state_ = State::Responded;
  auto text = status_text(status);
  // A filter of WebAssembly can't set dynamic metadata; access logs can read this instead.
  proxy::set_property("istio.mixer.status", text);
  reply({.status = http_status(status.code),
         .body = text,
         .details = "mixer_access_denied",
         .grpc_status = grpc_status(status.code)});
  return HeadersAction::Pause;
}

// A response of this filter itself comes here, too.
HeadersAction Stream::on_response_headers(uint32_t, bool end_of_stream) {
  facts_.is_response_bare = end_of_stream;
  if (directive_) change_headers(HeaderMap::Response, directive_->response_changes);
  return HeadersAction::Continue;
}

void Stream::on_log() {
  auto was_seen = state_ != State::NotStarted;
  if (!was_seen) {
    // Another filter answered before this one, or the request was none. The host tells no sizes of
    // headers any more.
    if (!proxy::header(HeaderMap::Request, ":method")) return;
    start(false);
  }
  if (service_ == nullptr || !service_->has_report) return;
  mixer_root().report(*service_, forwarded_, facts_, was_seen);
}

}  // namespace mixer_client
