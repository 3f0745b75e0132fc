#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "probe.h"

namespace probe {

using proxy::HeaderMap;
using proxy::HeadersAction;

namespace {

uint32_t number_of(std::string_view digits) {
  return static_cast<uint32_t>(std::strtoul(std::string(digits).c_str(), nullptr, 10));
}

}  // namespace

// header NAME
HeadersAction Stream::show_header() { return tell(proxy::header(HeaderMap::Request, word(1))); }

// headers: how many the callback was told, how many there are, their bytes, and all values.
HeadersAction Stream::show_headers() {
  auto bytes = proxy::all_headers(HeaderMap::Request);
  proxy::Pairs pairs(bytes.view());
  auto text = std::to_string(header_count_) + " " + std::to_string(pairs.size()) + " " +
              std::to_string(proxy::headers_byte_size(HeaderMap::Request)) + "\n";
  for (auto [name, value] : pairs) text.append(name).append("=").append(value).append("\n");
  return tell(text);
}

// property PATH, with / between segments.
HeadersAction Stream::show_property() { return tell(proxy::property(path_of(word(1)))); }

// number KIND PATH: a property as int64_t, double or bool.
HeadersAction Stream::number() {
  auto path = path_of(word(2));
  auto text = [](auto value) { return value ? std::to_string(*value) : std::string("none"); };
  if (word(1) == "int") return tell(text(proxy::property_as<int64_t>(path)));
  if (word(1) == "double") return tell(text(proxy::property_as<double>(path)));
  return tell(text(proxy::property_as<bool>(path)));
}

// edit
HeadersAction Stream::edit_headers() {
  proxy::add_header(HeaderMap::Request, "x-many", "2");
  proxy::replace_header(HeaderMap::Request, "x-old", "new");
  proxy::remove_header(HeaderMap::Request, "x-gone");
  proxy::set_property("probe_mark", "marked");
  return HeadersAction::Continue;
}

// reply
HeadersAction Stream::answer() {
  const proxy::Pair headers[] = {{"x-a", "1"}, {"x-a", "\xff"}};
  reply({.status = 418,
         .body = "short",
         .headers = headers,
         .details = "probe_says_no",
         .grpc_status = 7});
  return HeadersAction::Pause;
}

// count
HeadersAction Stream::count() {
  auto& metrics = probe_root();
  metrics.level.set(40);
  metrics.level.add(2);
  metrics.sizes.observe(header_count_);
  return tell(std::to_string(metrics.requests.value()) + " " +
              std::to_string(metrics.level.value()));
}

// share KEY VALUE: what was there, then what an update from an old state and a true one give.
HeadersAction Stream::share() {
  auto before = proxy::shared(word(1));
  auto was_set = proxy::set_shared(word(1), word(2), before.version);
  auto stale = proxy::set_shared(word(1), "stale", proxy::shared(word(1)).version + 1);
  return tell(before.bytes.str() + " " + std::to_string(static_cast<uint32_t>(was_set)) + " " +
              std::to_string(static_cast<uint32_t>(stale)));
}

// grpc CLUSTER [TIMEOUT_MS]
HeadersAction Stream::call_grpc() {
  const proxy::Pair metadata[] = {{"x-meta", "data"}};
  auto token = call(proxy::GrpcCall{.cluster = word(1),
                                    .service = "probe.Echo",
                                    .method = "Echo",
                                    .message = "asked",
                                    .timeout_ms = words_.size() > 2 ? number_of(word(2)) : 5000,
                                    .metadata = metadata});
  return token ? HeadersAction::Pause : tell("not sent");
}

void Stream::on_grpc_answer(proxy::Token, const proxy::GrpcAnswer& answer) {
  if (answer.status == proxy::kGrpcOk) return resume(answer.message);
  tell(std::to_string(answer.status) + " " + std::string(answer.error));
}

// root-grpc CLUSTER
HeadersAction Stream::call_root() {
  return probe_root().call_for(id(), word(1)) ? HeadersAction::Pause : tell("not sent");
}

// http CLUSTER
HeadersAction Stream::call_http() {
  const proxy::Pair headers[] = {
      {":method", "POST"}, {":path", "/called"}, {":authority", "called"}};
  auto token = call(
      proxy::HttpCall{.cluster = word(1), .headers = headers, .timeout_ms = 5000, .body = "abc"});
  return token ? HeadersAction::Pause : tell("not sent");
}

void Stream::on_http_answer(proxy::Token, const proxy::HttpAnswer& answer) {
  if (answer.header_count == 0) {
    tell("no answer");
    return;
  }
  auto status = proxy::header(HeaderMap::HttpCallResponse, ":status");
  auto body = proxy::buffer(proxy::Buffer::HttpCallResponseBody, 0, answer.body_size);
  tell(status.str() + " " + body.str());
}

// wait: for the next tick.
HeadersAction Stream::wait() {
  probe_root().wait_for_tick(id());
  return HeadersAction::Pause;
}

// trap
HeadersAction Stream::trap() { proxy::panic("asked to trap"); }

// overflow: of the stack.
HeadersAction Stream::overflow() {
  volatile char frame[1024] = {};
  frame[0] = static_cast<char>(header_count_);
  if (++header_count_ == 0) return HeadersAction::Continue;  // after 4 TiB of stack
  auto action = overflow();
  frame[1] = frame[0];
  return action;
}

// fill MIB: keeps so much memory, in small pieces.
HeadersAction Stream::fill() {
  for (uint32_t i = 0; i < number_of(word(1)) * 64 && !proxy::memory::is_low(); ++i) {
    probe_root().keep(std::string(16 * 1024, 'x'));
  }
  return HeadersAction::Continue;
}

// late-fill MIB: the same when the response comes.
HeadersAction Stream::go_on() { return HeadersAction::Continue; }

// fail
HeadersAction Stream::fail() {
  proxy::fail(proxy::Failure::Internal);
  return HeadersAction::Continue;
}

// say TEXT
HeadersAction Stream::say() {
  proxy::log(proxy::LogLevel::Warning, word(1));
  return tell(std::to_string(static_cast<uint32_t>(proxy::log_level())));
}

// repeat COUNT header NAME | property PATH | clock | metric: nanoseconds for all of them.
HeadersAction Stream::repeat() {
  auto count = number_of(word(1));
  auto path = path_of(word(3));
  auto start = proxy::now_ns();
  for (uint32_t i = 0; i < count; ++i) {
    if (word(2) == "header") proxy::header(HeaderMap::Request, path);
    if (word(2) == "headers") proxy::all_headers(HeaderMap::Request);
    if (word(2) == "property") proxy::property(path);
    if (word(2) == "clock") proxy::now_ns();
    if (word(2) == "metric") probe_root().requests.add();
    if (word(2) == "shared") proxy::shared(path);
    if (word(2) == "add") proxy::replace_header(HeaderMap::Request, "x-added", "value");
  }
  return tell(std::to_string(proxy::now_ns() - start));
}

// body: the whole request body in upper case goes to the upstream.
HeadersAction Stream::read_body() {
  wants_body_ = true;
  proxy::remove_header(HeaderMap::Request, "content-length");
  return HeadersAction::Continue;
}

proxy::BodyAction Stream::on_request_body(uint32_t size, bool end_of_stream) {
  if (!wants_body_) return proxy::BodyAction::Continue;
  if (!end_of_stream) return proxy::BodyAction::Buffer;
  auto body = proxy::buffer(proxy::Buffer::RequestBody, 0, size).str();
  std::transform(body.begin(), body.end(), body.begin(), ::toupper);
  proxy::replace_body(proxy::Buffer::RequestBody, body);
  return proxy::BodyAction::Continue;
}

}  // namespace probe
