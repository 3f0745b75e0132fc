#include "mixer_client/call_error.h"

namespace mixer_client {
namespace {

constexpr int32_t kCancelled = 1;
// How Envoy's own answer to a call begins that had no answer in time. Its code is that of a server
// that can't be reached.
constexpr std::string_view kTimedOut = "upstream request timeout";

// Envoy says at the end where it has an error from: "text{via_upstream}".
std::string_view without_origin(std::string_view error) {
  if (error.empty() || error.back() != '}') return error;
  return error.substr(0, error.rfind('{'));
}

}  // namespace

CallError error_of(const proxy::GrpcAnswer& answer) {
  using Kind = CallError::Kind;
  auto code = static_cast<int32_t>(answer.status);
  std::string message(without_origin(answer.error));
  if (code == kDeadlineExceeded || (code == kUnavailable && message.starts_with(kTimedOut))) {
    return {Kind::Timeout, {kDeadlineExceeded, std::move(message)}};
  }
  // What a server that stops may say of calls under way.
  auto is_gone = code == kUnavailable || code == kCancelled;
  return {is_gone ? Kind::Unreachable : Kind::Refused, {code, std::move(message)}};
}

CallError unsent() {
  return {CallError::Kind::Unreachable, {kUnavailable, "the call to Mixer could not be sent"}};
}

CallError too_large() {
  return {CallError::Kind::Refused, {kInternal, "the request is too large to ask Mixer about it"}};
}

CallError unreadable() {
  return {CallError::Kind::Refused, {kInternal, "Mixer's answer could not be read"}};
}

}  // namespace mixer_client
