#include "probe.h"

namespace probe {

bool Root::on_configure(std::string_view configuration) {
  auto has = [&](std::string_view word) {
    return configuration.find(word) != std::string_view::npos;
  };
  if (has("open")) set_fail_mode(proxy::FailMode::Open);
  if (has("tick")) set_tick_period(10);
  requests = proxy::Counter("probe.requests");
  level = proxy::Gauge("probe.level");
  sizes = proxy::Histogram("probe.sizes");
  return !has("refuse");
}

std::unique_ptr<proxy::StreamContext> Root::make_stream(uint32_t id) {
  return std::make_unique<Stream>(id, *this);
}

void Root::resume_all(std::vector<uint32_t> streams, std::string_view said) {
  for (auto id : streams) {
    proxy::Router::on_stream(*this, id, [&](proxy::StreamContext& stream) {
      static_cast<Stream&>(stream).resume(said);
    });
  }
}

void Root::on_tick() { resume_all(std::exchange(waiting_for_tick_, {}), "tick"); }

void Root::on_failure(proxy::Failure) { kept_ = {}; }

bool Root::call_for(uint32_t stream_id, std::string_view cluster) {
  waiting_for_call_.push_back(stream_id);
  return call(proxy::GrpcCall{.cluster = cluster,
                              .service = "probe.Echo",
                              .method = "Echo",
                              .message = "for many",
                              .timeout_ms = 1000})
      .has_value();
}

void Root::on_grpc_answer(proxy::Token, const proxy::GrpcAnswer& answer) {
  resume_all(std::exchange(waiting_for_call_, {}), answer.message);
}

}  // namespace probe

std::unique_ptr<proxy::RootContext> proxy::make_root(uint32_t id) {
  return std::make_unique<probe::Root>(id);
}
