// A filter for the tests of the wrapper: each request says in its header "x-do" which part of the
// wrapper to try, as words; the answer's body says what came of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "abi/filter.h"

namespace probe {

/// Configured by one line of words: "open" sets the fail mode; "tick" asks for ticks; "refuse"
/// refuses the configuration.
class Root : public proxy::RootContext {
 public:
  using RootContext::RootContext;

  bool on_configure(std::string_view configuration) override;
  std::unique_ptr<proxy::StreamContext> make_stream(uint32_t id) override;
  void on_tick() override;
  void on_failure(proxy::Failure failure) override;
  void on_grpc_answer(proxy::Token token, const proxy::GrpcAnswer& answer) override;

  /// Makes a call of the root's own for a stream that waits.
  bool call_for(uint32_t stream_id, std::string_view cluster);
  /// Lets a stream wait for the next tick.
  void wait_for_tick(uint32_t stream_id) { waiting_for_tick_.push_back(stream_id); }
  /// Keeps memory until the first failure.
  void keep(std::string block) { kept_.push_back(std::move(block)); }

  proxy::Counter requests;
  proxy::Gauge level;
  proxy::Histogram sizes;

 private:
  /// Lets these streams go on; those that have ended are passed over.
  void resume_all(std::vector<uint32_t> streams, std::string_view said);

  std::vector<uint32_t> waiting_for_tick_;
  std::vector<uint32_t> waiting_for_call_;
  std::vector<std::string> kept_;
};

/// A property's path from a text with / between the segments.
std::string path_of(std::string_view slashed);

class Stream : public proxy::StreamContext {
 public:
  using StreamContext::StreamContext;

  proxy::HeadersAction on_request_headers(uint32_t count, bool end_of_stream) override;
  proxy::HeadersAction on_response_headers(uint32_t count, bool end_of_stream) override;
  proxy::BodyAction on_request_body(uint32_t size, bool end_of_stream) override;
  void on_grpc_answer(proxy::Token token, const proxy::GrpcAnswer& answer) override;
  void on_http_answer(proxy::Token token, const proxy::HttpAnswer& answer) override;
  void on_log() override;

  /// Goes on, with what the host said in the header "x-said" of the request.
  void resume(std::string_view said);

 private:
  using Action = proxy::HeadersAction;

  Action show_header();
  Action show_headers();
  Action show_property();
  Action edit_headers();
  Action answer();
  Action count();
  Action share();
  Action call_grpc();
  Action call_http();
  Action call_root();
  Action wait();
  Action trap();
  Action overflow();
  Action fill();
  Action go_on();
  Action fail();
  Action say();
  Action repeat();
  Action read_body();
  Action number();

  Root& probe_root() const { return static_cast<Root&>(root()); }
  /// The n-th word of what is asked; empty when there are fewer.
  std::string_view word(size_t index) const;
  Action tell(std::string_view body);
  Action tell(const proxy::HostBytes& bytes);

  std::vector<std::string> words_;
  uint32_t header_count_ = 0;
  bool wants_body_ = false;
};

}  // namespace probe
