// From the host's callbacks, which have numbers, to the filter's contexts; and the one place where
// a failure becomes an answer (see failure.h).
#pragma once

#include <cstdint>

#include "context.h"
#include "imports.h"
#include "registry.h"

namespace proxy {

class Router {
 public:
  static void create(uint32_t id, uint32_t parent_id);
  static bool configure(uint32_t root_id, size_t size);
  static void tick(uint32_t root_id);
  static HeadersAction request_headers(uint32_t id, uint32_t count, bool end_of_stream);
  static HeadersAction response_headers(uint32_t id, uint32_t count, bool end_of_stream);
  static BodyAction request_body(uint32_t id, uint32_t size, bool end_of_stream);
  static BodyAction response_body(uint32_t id, uint32_t size, bool end_of_stream);
  static void grpc_answer(Token token, const GrpcAnswer& answer);
  static void http_answer(Token token, const HttpAnswer& answer);
  static void log(uint32_t id);
  static bool done(uint32_t id);
  static void remove(uint32_t id);

  /// Runs `run(StreamContext&)` inside a callback of `root`, with the host's functions acting on
  /// the stream: for a root whose one answer many streams wait for. Does nothing when the stream
  /// has ended. Returns whether it ran.
  template <class Run>
  static bool on_stream(const RootContext& root, uint32_t stream_id, Run run) {
    auto* stream = contexts().stream(stream_id);
    if (stream == nullptr || stream->is_bypassed_) return false;
    host::proxy_set_effective_context(stream_id);
    run(*stream);
    settle(*stream, stream->is_held_ ? Direction::Request : Direction::Response);
    host::proxy_set_effective_context(root.id());
    return true;
  }

 private:
  template <class Run>
  static void on_owner(uint32_t id, Run run) {
    if (auto* stream = contexts().stream(id)) {
      on_stream(stream->root_, id, run);
    } else if (auto* root = contexts().root(id)) {
      run(*root);
      settle(*root);
    }
  }

  static void settle(RootContext& root);
  static bool settle(StreamContext& stream, Direction direction);
  static void apply_fail_mode(StreamContext& stream, Failure failure);
};

}  // namespace proxy
