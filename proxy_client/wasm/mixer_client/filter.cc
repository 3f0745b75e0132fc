#include "mixer_client/filter.h"

#include <algorithm>
#include <string>

#include "mixer_client/proxy_node.h"

namespace mixer_client {

namespace {

constexpr uint64_t kNsPerMs = 1'000'000;
constexpr uint64_t kMaxPeriodMs = 60'000;

}  // namespace

Root::Parts::Parts(Settings& settings, Host& host)
    : bag(settings),
      client(settings, host, statistics, words, proxy::random_bits()),
      reports(settings.transport, host, statistics, words) {}

bool Root::on_configure(std::string_view configuration) {
  // Two listeners with the same configuration have one root; what it is told is the same.
  if (parts_) return true;
  auto why = load_settings(configuration, settings_, proxy_node());
  if (!why.empty()) {
    proxy::log(proxy::LogLevel::Error, "configuration refused: " + why);
    return false;
  }
  auto is_open = settings_.transport.is_check_fail_open;
  set_fail_mode(is_open ? proxy::FailMode::Open : proxy::FailMode::Closed);
  default_service_ = settings_.service({});
  depends_on_route_ = settings_.depends_on_route();
  Host& host = *this;
  parts_ = std::make_unique<Parts>(settings_, host);
  return true;
}

std::unique_ptr<proxy::StreamContext> Root::make_stream(uint32_t id) {
  return std::make_unique<Stream>(id, *this);
}

void Root::on_grpc_answer(proxy::Token token, const proxy::GrpcAnswer& answer) {
  if (parts_->client.take(token, answer)) return;
  parts_->reports.take(token, answer);
  if (is_done_ && parts_->reports.flush()) finish();
}

void Root::on_tick() {
  is_ticking_ = true;
  alarm_ns_ = 0;
  parts_->client.on_tick();
  parts_->reports.on_tick();
  is_ticking_ = false;
  set_alarm();
}

bool Root::on_done() {
  is_done_ = true;
  return !parts_ || parts_->reports.flush();
}

void Root::on_failure(proxy::Failure failure) {
  if (!parts_ || failure != proxy::Failure::OutOfMemory) return;
  parts_->client.forget();
  parts_->reports.forget();
}

const Service* Root::pick_service() const {
  return depends_on_route_ ? mixer_client::pick_service(settings_) : default_service_;
}

Asked Root::check(uint32_t stream, const Service& service, const Forwarded& forwarded) {
  auto& [bag, charges, statistics, words, client, reports] = *parts_;
  bag.begin_check(service, forwarded);
  service.quotas.charges(bag, charges);
  auto asked = client.check(stream, bag, charges);
  // Then attributes were missing that the verdict may depend on.
  if (bag.has_failed()) proxy::fail(proxy::Failure::OutOfMemory);
  return asked;
}

void Root::report(const Service& service, const Forwarded& forwarded, const CheckFacts& facts,
                  bool was_seen) {
  auto& bag = parts_->bag;
  bag.begin_report(service, forwarded, facts, was_seen);
  parts_->reports.add(bag);
  if (bag.has_failed()) proxy::fail(proxy::Failure::OutOfMemory);
}

std::optional<proxy::Token> Root::send(Method method, std::string_view message) {
  auto& transport = settings_.transport;
  auto is_check = method == Method::Check;
  return call(proxy::GrpcCall{
      .cluster = is_check ? transport.check_cluster : transport.report_cluster,
      .service = "istio.mixer.v1.Mixer",
      .method = is_check ? "Check" : "Report",
      .message = message,
      .timeout_ms = transport.timeout_ms,
  });
}

void Root::wake_at(uint64_t due_ns) {
  if (alarm_ns_ != 0 && alarm_ns_ <= due_ns) return;
  alarm_ns_ = due_ns;
  if (!is_ticking_) set_alarm();
}

void Root::set_alarm() {
  if (alarm_ns_ == 0) return set_tick_period(0);
  auto now = now_ns();
  auto left_ms = alarm_ns_ <= now ? 1 : (alarm_ns_ - now + kNsPerMs - 1) / kNsPerMs;
  set_tick_period(static_cast<uint32_t>(std::min(left_ms, kMaxPeriodMs)));
}

void Root::decided(uint32_t asker, const Verdict& verdict) {
  proxy::Router::on_stream(*this, asker, [&](proxy::StreamContext& stream) {
    static_cast<Stream&>(stream).on_verdict(verdict);
  });
}

}  // namespace mixer_client

std::unique_ptr<proxy::RootContext> proxy::make_root(uint32_t id) {
  return std::make_unique<mixer_client::Root>(id);
}
