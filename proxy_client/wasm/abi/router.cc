#include "router.h"

#include "buffer.h"
#include "imports.h"
#include "log.h"
#include "memory.h"
#include "registry.h"

namespace proxy {
namespace {

// The newest stream that got no context. Its request headers are the host's very next callback.
struct TurnedAway {
  uint32_t id = 0;
  uint32_t root_id = 0;
  Failure failure = Failure::None;
} turned_away;

// One line for each kind of failure in the life of a VM: under overload there would be one for each
// request.
void log_once(Failure failure) {
  static uint32_t logged = 0;
  auto bit = uint32_t{1} << static_cast<uint32_t>(failure);
  if ((logged & bit) != 0) return;
  logged |= bit;
  log(LogLevel::Error, reason(failure));
}

void note(RootContext& root, Failure failure) {
  log_once(failure);
  root.on_failure(failure);
  take_failure();  // whatever failed in there: this is where failures end
}

void refuse(const RootContext& root, Failure failure) {
  auto details = reason(failure);
  auto& answer = root.failure_answer();
  host::proxy_send_local_response(answer.status, details.data(), details.size(), answer.body.data(),
                                  answer.body.size(), nullptr, 0, answer.grpc_status);
}

// What is to be said about a stream before it has a context.
Failure admission() {
  if (!contexts().has_room()) return Failure::TooManyStreams;
  return memory::is_low() ? Failure::OutOfMemory : Failure::None;
}

HeadersAction turn_away(uint32_t id) {
  if (turned_away.id != id) panic("headers of a stream that was never created");
  auto& root = *contexts().root(turned_away.root_id);
  note(root, turned_away.failure);
  if (root.fail_mode() == FailMode::Open) return HeadersAction::Continue;
  refuse(root, turned_away.failure);
  return HeadersAction::Pause;
}

}  // namespace

void Router::create(uint32_t id, uint32_t parent_id) {
  if (parent_id == 0) {
    contexts().add(make_root(id));
    return;
  }
  auto failure = admission();
  if (failure == Failure::None) {
    contexts().add(contexts().root(parent_id)->make_stream(id));
    failure = take_failure();
    if (failure == Failure::None) return;
    contexts().remove(id);
  }
  turned_away = {id, parent_id, failure};
}

bool Router::configure(uint32_t root_id, size_t size) {
  auto configuration = buffer(Buffer::PluginConfiguration, 0, size);
  auto is_accepted = contexts().root(root_id)->on_configure(configuration.view());
  return take_failure() == Failure::None && is_accepted;
}

void Router::tick(uint32_t root_id) {
  auto& root = *contexts().root(root_id);
  root.on_tick();
  settle(root);
}

HeadersAction Router::request_headers(uint32_t id, uint32_t count, bool end_of_stream) {
  auto* stream = contexts().stream(id);
  if (stream == nullptr) return turn_away(id);
  auto action = stream->on_request_headers(count, end_of_stream);
  if (settle(*stream, Direction::Request)) {
    return stream->has_replied_ ? HeadersAction::Pause : HeadersAction::Continue;
  }
  stream->is_held_ = action == HeadersAction::Pause && !stream->has_replied_;
  return action;
}

HeadersAction Router::response_headers(uint32_t id, uint32_t count, bool end_of_stream) {
  auto* stream = contexts().stream(id);
  if (stream == nullptr || stream->is_bypassed_) return HeadersAction::Continue;
  auto action = stream->on_response_headers(count, end_of_stream);
  return settle(*stream, Direction::Response) ? HeadersAction::Continue : action;
}

BodyAction Router::request_body(uint32_t id, uint32_t size, bool end_of_stream) {
  auto* stream = contexts().stream(id);
  if (stream == nullptr || stream->is_bypassed_) return BodyAction::Continue;
  auto action = stream->on_request_body(size, end_of_stream);
  stream->is_held_ = false;  // what is returned here holds or releases
  if (settle(*stream, Direction::Request)) {
    return stream->has_replied_ ? BodyAction::Buffer : BodyAction::Continue;
  }
  stream->is_held_ = action == BodyAction::Buffer && !stream->has_replied_;
  return action;
}

BodyAction Router::response_body(uint32_t id, uint32_t size, bool end_of_stream) {
  auto* stream = contexts().stream(id);
  if (stream == nullptr || stream->is_bypassed_) return BodyAction::Continue;
  auto action = stream->on_response_body(size, end_of_stream);
  return settle(*stream, Direction::Response) ? BodyAction::Continue : action;
}

void Router::grpc_answer(Token token, const GrpcAnswer& answer) {
  on_owner(calls().take(token), [&](Context& owner) { owner.on_grpc_answer(token, answer); });
}

void Router::http_answer(Token token, const HttpAnswer& answer) {
  on_owner(calls().take(token), [&](Context& owner) { owner.on_http_answer(token, answer); });
}

void Router::log(uint32_t id) {
  auto* stream = contexts().stream(id);
  if (stream == nullptr || stream->is_bypassed_) return;
  stream->on_log();
  settle(stream->root_);
}

bool Router::done(uint32_t id) {
  auto* root = contexts().root(id);
  if (root == nullptr) return true;
  auto is_done = root->on_done();
  settle(*root);
  return is_done;
}

void Router::remove(uint32_t id) {
  auto* stream = contexts().stream(id);
  auto* root = stream == nullptr ? nullptr : &stream->root_;
  contexts().remove(id);
  if (root != nullptr) settle(*root);
}

void Router::settle(RootContext& root) {
  auto failure = take_failure();
  if (failure != Failure::None) note(root, failure);
}

bool Router::settle(StreamContext& stream, Direction direction) {
  auto failure = take_failure();
  if (failure == Failure::None) return false;
  note(stream.root_, failure);
  stream.is_bypassed_ = true;
  // A response belongs to a request that was let through; it is too late for a verdict.
  if (direction == Direction::Request && !stream.has_replied_) apply_fail_mode(stream, failure);
  return true;
}

void Router::apply_fail_mode(StreamContext& stream, Failure failure) {
  if (stream.root_.fail_mode() == FailMode::Open) return stream.continue_request();
  stream.is_held_ = false;
  stream.has_replied_ = true;
  refuse(stream.root_, failure);
}

}  // namespace proxy
