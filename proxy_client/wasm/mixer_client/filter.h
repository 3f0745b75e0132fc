// Mixer's client as a filter of stock Envoy: asks before a request goes on, tells when it is over.
#pragma once

#include <memory>
#include <optional>

#include "abi/filter.h"
#include "mixer_client/client.h"
#include "mixer_client/host.h"
#include "mixer_client/report_batches.h"
#include "mixer_client/request_bag.h"
#include "mixer_client/settings.h"
#include "mixer_client/statistics.h"

namespace mixer_client {

/// One configuration in one worker.
class Root : public proxy::RootContext, private Host {
 public:
  using RootContext::RootContext;

  bool on_configure(std::string_view configuration) override;
  std::unique_ptr<proxy::StreamContext> make_stream(uint32_t id) override;
  void on_grpc_answer(proxy::Token token, const proxy::GrpcAnswer& answer) override;
  void on_tick() override;
  bool on_done() override;
  void on_failure(proxy::Failure failure) override;

  const Settings& settings() const { return settings_; }
  /// The service that the current request is for; null when Mixer is neither asked nor told.
  const Service* pick_service() const;
  /// Whether a request may pass.
  Asked check(uint32_t stream, const Service& service, const Forwarded& forwarded);
  void cancel(uint64_t question) { parts_->client.cancel(question); }
  /// Reports a request that is over.
  void report(const Service& service, const Forwarded& forwarded, const CheckFacts& facts,
              bool was_seen);

 private:
  // Made when the settings are known.
  struct Parts {
    Parts(Settings& settings, Host& host);

    RequestBag bag;   // of whatever request is looked at
    Charges charges;  // of that
    Statistics statistics;
    WordCount words;
    Client client;
    ReportBatches reports;
  };

  std::optional<proxy::Token> send(Method method, std::string_view message) override;
  void cancel(proxy::Token token) override { Context::cancel(token); }
  uint64_t now_ns() const override { return proxy::monotonic_ns(); }
  void wake_at(uint64_t due_ns) override;
  void decided(uint32_t asker, const Verdict& verdict) override;

  void set_alarm();

  Settings settings_;
  const Service* default_service_ = nullptr;
  bool depends_on_route_ = false;
  std::unique_ptr<Parts> parts_;
  uint64_t alarm_ns_ = 0;  // when the next tick is needed; 0 for no tick
  bool is_ticking_ = false;
  bool is_done_ = false;
};

/// One request.
class Stream : public proxy::StreamContext {
 public:
  using StreamContext::StreamContext;
  ~Stream() override;

  proxy::HeadersAction on_request_headers(uint32_t count, bool end_of_stream) override;
  proxy::HeadersAction on_response_headers(uint32_t count, bool end_of_stream) override;
  void on_log() override;

  /// Goes on when the verdict has come.
  void on_verdict(const Verdict& verdict);

 private:
  enum class State : uint8_t { NotStarted, Calling, Complete, Responded };

  Root& mixer_root() const { return static_cast<Root&>(root()); }
  void start(bool is_bare);
  proxy::HeadersAction enforce(const Verdict& verdict);
  proxy::HeadersAction respond(const RouteDirective& directive);
  proxy::HeadersAction deny(const Status& status);

  State state_ = State::NotStarted;
  const Service* service_ = nullptr;  // once it has started
  uint64_t question_ = 0;             // while Calling
  Forwarded forwarded_;
  CheckFacts facts_;
  std::shared_ptr<const RouteDirective> directive_;  // for the response
};

}  // namespace mixer_client
