// What a filter derives from: one RootContext per plugin configuration and worker, and one
// StreamContext per request. Envoy calls them through exports.cc; each VM has one thread.
//
//     class MyStream : public proxy::StreamContext { ... on_request_headers ... };
//     class MyRoot : public proxy::RootContext { ... on_configure, make_stream ... };
//     std::unique_ptr<proxy::RootContext> proxy::make_root(uint32_t id) {
//       return std::make_unique<MyRoot>(id);
//     }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "call.h"
#include "failure.h"
#include "reply.h"
#include "types.h"

namespace proxy {

class RootContext;
class StreamContext;
class Router;

/// What a request gets in FailMode::Closed when something fails. The details, which access logs can
/// have, are the failure's reason.
struct FailureAnswer {
  uint32_t status = 503;
  std::string_view body = {};
  /// Of the answer to a gRPC request.
  GrpcStatus grpc_status = kGrpcUnavailable;
};

/// What roots and streams share: both can call clusters and get the answers.
class Context {
 public:
  explicit Context(uint32_t id) : id_(id) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  virtual ~Context() = default;

  /// Envoy's number for this context; never used again within a VM.
  uint32_t id() const { return id_; }

  virtual void on_grpc_answer(Token, const GrpcAnswer&) {}
  virtual void on_http_answer(Token, const HttpAnswer&) {}

 protected:
  /// Sends a call whose answer comes to this context, exactly once and never before this returns;
  /// the answer for a stream that has ended is dropped. Nothing when it could not be sent, as when
  /// the cluster does not exist, or `kMaxCalls` are on their way (which is also a Failure).
  std::optional<Token> call(const GrpcCall& call);
  std::optional<Token> call(const HttpCall& call);
  /// Ends a GrpcCall of this context; there will be no answer. Nothing if it has been answered.
  void cancel(Token token);

 private:
  uint32_t id_;
};

/// One request and its response.
class StreamContext : public Context {
 public:
  StreamContext(uint32_t id, RootContext& root) : Context(id), root_(root) {}

  /// `end_of_stream`: the request has no body.
  virtual HeadersAction on_request_headers(uint32_t count, bool end_of_stream);

  // The others are called only in filters that name them among their `callbacks` in build.py.

  /// "response"
  virtual HeadersAction on_response_headers(uint32_t count, bool end_of_stream);
  /// "body"
  virtual BodyAction on_request_body(uint32_t size, bool end_of_stream);
  virtual BodyAction on_response_body(uint32_t size, bool end_of_stream);
  /// "log": the stream is over; all its properties can still be read. Not called when the VM has
  /// failed.
  virtual void on_log() {}

  /// Whether a callback has held the request back and nothing has released it since.
  bool is_held() const { return is_held_; }

 protected:
  RootContext& root() const { return root_; }

  /// Lets a request go on that is held; otherwise does nothing.
  void continue_request();
  /// Answers in place of the upstream. In on_request_headers, return Pause with it.
  void reply(const LocalReply& answer);

 private:
  friend Router;
  RootContext& root_;
  bool is_held_ = false;
  bool has_replied_ = false;
  bool is_bypassed_ = false;  // failed before: no callback gets through any more
};

/// One plugin configuration in one VM. A new configuration comes as a new root, beside the old one
/// until the streams of that have ended.
class RootContext : public Context {
 public:
  using Context::Context;

  /// Takes the plugin's configuration (as bytes of the JSON or text). False refuses it: Envoy then
  /// does not start, or keeps the listener it has.
  virtual bool on_configure(std::string_view configuration) = 0;
  virtual std::unique_ptr<StreamContext> make_stream(uint32_t id) = 0;
  virtual void on_tick() {}
  /// "done" among the `callbacks` in build.py, which costs each request 1 to 2 microseconds, too:
  /// no streams will come any more. False when calls of this context are still to be answered: it
  /// then lives on until `finish`. Otherwise these calls are cancelled.
  virtual bool on_done() { return true; }
  /// Something failed that is not for one request to answer. Called before the fail mode is
  /// applied; counts, or drops caches when memory is low.
  virtual void on_failure(Failure) {}
  FailMode fail_mode() const { return fail_mode_; }
  const FailureAnswer& failure_answer() const { return failure_answer_; }

 protected:
  void set_fail_mode(FailMode mode) { fail_mode_ = mode; }
  /// The body must live as long as this context.
  void set_failure_answer(const FailureAnswer& answer) { failure_answer_ = answer; }
  /// Calls on_tick every so many ms; 0 ends that.
  void set_tick_period(uint32_t period_ms);
  /// Ends this context, after an `on_done` that said false.
  void finish();

 private:
  FailMode fail_mode_ = FailMode::Closed;
  FailureAnswer failure_answer_;
};

/// Makes the root of a new plugin configuration. Each filter defines this.
std::unique_ptr<RootContext> make_root(uint32_t id);

}  // namespace proxy
