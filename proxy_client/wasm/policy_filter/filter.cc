#include "policy_filter/filter.h"

#include "policy_filter/load.h"
#include "policy_filter/quota.h"

namespace policy {

using proxy::HeadersAction;

bool Root::on_configure(std::string_view configuration) {
  auto why = load_program(configuration, program_);
  if (!why.empty()) {
    proxy::log(proxy::LogLevel::Error, "policy program refused: " + why);
    return false;
  }
  set_fail_mode(program_.fail_open ? proxy::FailMode::Open : proxy::FailMode::Closed);
  set_failure_answer({.status = kInternalError,
                      .body = kUndecided,
                      .grpc_status = proxy::LocalReply::kNoGrpcStatus});
  machine_ = std::make_unique<Machine>(program_);
  reporter_ = std::make_unique<Reporter>(program_);
  return true;
}

std::unique_ptr<proxy::StreamContext> Root::make_stream(uint32_t id) {
  return std::make_unique<Stream>(id, *this);
}

HeadersAction Stream::on_request_headers(uint32_t, bool) {
  auto& program = policy_root().program();
  auto& machine = policy_root().machine();
  machine.begin(Phase::Check);
  auto verdict = check(program, machine);
  if (!verdict.has_failed && !verdict.is_denied) ask_quotas(program, machine, verdict);
  if (verdict.has_failed) return give_up();
  if (verdict.is_denied) return deny(verdict);
  if (!change_headers(program, machine, waiting_)) return give_up();
  policy_root().statistics().allowed.add();
  return HeadersAction::Continue;
}

HeadersAction Stream::give_up() {
  policy_root().statistics().undecided.add();
  if (policy_root().program().fail_open) return HeadersAction::Continue;
  reply({.status = kInternalError, .body = kUndecided, .details = "policy_undecided"});
  return HeadersAction::Pause;
}

HeadersAction Stream::deny(const Verdict& verdict) {
  policy_root().statistics().denied.add();
  if (auto* direct = verdict.direct) {
    proxy::PairList headers(direct->headers.begin(), direct->headers.size());
    reply({.status = direct->status,
           .body = direct->body,
           .headers = headers,
           .details = "policy_denied"});
    return HeadersAction::Pause;
  }
  auto* status = policy_root().program().status(verdict.code);
  auto body = std::string(status->name).append(":").append(verdict.message);
  reply({.status = status->http, .body = body, .details = "policy_denied"});
  return HeadersAction::Pause;
}

HeadersAction Stream::on_response_headers(uint32_t, bool) {
  waiting_.apply();
  return HeadersAction::Continue;
}

void Stream::on_log() {
  auto& program = policy_root().program();
  if (program.metrics.empty() && program.logs.empty()) return;
  auto& machine = policy_root().machine();
  machine.begin(Phase::Report);
  policy_root().reporter().report(machine);
}

}  // namespace policy

std::unique_ptr<proxy::RootContext> proxy::make_root(uint32_t id) {
  return std::make_unique<policy::Root>(id);
}
