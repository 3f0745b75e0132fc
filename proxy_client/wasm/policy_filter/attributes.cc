#include "policy_filter/attributes.h"

#include "base/query.h"

namespace policy {
namespace {

using proxy::HeaderMap;

std::string_view value_of(const Entry* entry) {
  return entry == nullptr ? std::string_view() : entry->value;
}

// How many properties of the connection, at most, a source asks for. A peer's identity counts once.
uint32_t fact_count(const Source& source) {
  uint32_t count = 0;
  switch (source.kind) {
    case SourceKind::Property:
    case SourceKind::Address:
      return source.fact != FactNumber::None;
    case SourceKind::Principal:
    case SourceKind::PrincipalNamespace:
      return 1;
    default:
      for (auto& other : source.sources) count += fact_count(other);
      return count;
  }
}

}  // namespace

Attributes::Attributes(Program& program, Arena& arena) : program_(program), arena_(arena) {
  auto size = program.attributes.size() * sizeof(Slot);
  found_ = static_cast<Slot*>(program.arena.allocate(size));
  uint32_t count = 0;
  for (auto& source : program.attributes) count += fact_count(source);
  has_facts_ = count > 1;
}

void Attributes::begin(Phase phase) {
  arena_.reset();
  kept_.clear();
  for (uint32_t i = 0; i < program_.attributes.size(); ++i) found_[i].state = State::Unknown;
  for (auto& headers : headers_) headers = {};
  connection_.reset();
  phase_ = phase;
  has_failed_ = false;
}

const Value* Attributes::read(uint32_t number) {
  auto& slot = found_[number];
  if (slot.state == State::Unknown) {
    slot.state = find(program_.attributes[number], slot.value) ? State::Present : State::Absent;
  }
  return slot.state == State::Present ? &slot.value : nullptr;
}

bool Attributes::text(std::string_view found, Value& value) {
  value = Value::of(found);
  return true;
}

bool Attributes::find(const Source& source, Value& value) {
  switch (source.kind) {
    case SourceKind::Constant:
      value = program_.constants[source.constant].value;
      return true;
    case SourceKind::Absent:
      return false;
    case SourceKind::First:
      for (auto& other : source.sources) {
        if (find(other, value)) return true;
      }
      return false;
    case SourceKind::Header: {
      auto* entry = header(source.name);
      return entry != nullptr && text(entry->value, value);
    }
    case SourceKind::FilledHeader:
      return filled(header_text(source.name), source, value);
    case SourceKind::Path:
      return text(path(), value);
    case SourceKind::UrlPath:
      return text(base::url_path(path()), value) && !value.text.empty();
    case SourceKind::QueryParams:
      return map(base::query_params(path(), arena_), value);
    case SourceKind::Headers:
      return without_partial_body(value);
    case SourceKind::ContentLength:
      return content_length(value);
    case SourceKind::Protocol:
      return text(is_grpc() ? "grpc" : "http", value);
    case SourceKind::ApiProtocol: {
      auto scheme = header_text(":scheme");
      return text(is_grpc() ? "grpc" : scheme.empty() ? "http" : scheme, value);
    }
    case SourceKind::Principal:
      return principal(source.name, value);
    case SourceKind::PrincipalNamespace:
      return space(value);
    case SourceKind::Property:
      return property(source, value);
    case SourceKind::Address:
      return address(source, value);
    case SourceKind::ResponseHeaders:
      return response_headers(value);
    case SourceKind::GrpcStatus:
      return grpc("grpc-status", value);
    case SourceKind::GrpcMessage:
      return grpc("grpc-message", value);
    case SourceKind::ResponseFlags:
      return flags(source, value);
    case SourceKind::EndTime:
      return end_time(value);
  }
  return false;
}

bool Attributes::filled(std::string_view found, const Source& source, Value& value) {
  if (!found.empty()) return text(found, value);
  return source.has_default && text(source.default_text, value);
}

bool Attributes::content_length(Value& value) {
  constexpr size_t kMaxDigits = 18;
  auto digits = header_text("content-length");
  if (digits.empty() || digits.size() > kMaxDigits) return false;
  int64_t number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  value = Value::of_number(number);
  return true;
}

bool Attributes::grpc(std::string_view name, Value& value) {
  if (grpc_line("grpc-status") == nullptr) return false;
  return text(value_of(grpc_line(name)), value);
}

const Entry* Attributes::grpc_line(std::string_view name) {
  auto* line = headers(HeaderMap::ResponseTrailers).find(name);
  return line != nullptr ? line : headers(HeaderMap::Response).find(name);
}

std::string_view Attributes::header_text(std::string_view name) { return value_of(header(name)); }

std::string_view Attributes::path() {
  auto original = phase_ == Phase::Report ? header_text("x-envoy-original-path") : "";
  return original.empty() ? header_text(":path") : original;
}

bool Attributes::is_grpc() {
  auto type = header_text("content-type");
  return type == "application/grpc" || type == "application/grpc+proto" ||
         type == "application/grpc+json";
}

}  // namespace policy
