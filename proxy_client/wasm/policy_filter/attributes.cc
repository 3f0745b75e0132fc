#include "policy_filter/attributes.h"

#include <cstring>

#include "policy_filter/address.h"

namespace policy {
namespace {

using proxy::HeaderMap;
using proxy::operator""_path;

constexpr std::string_view kSpiffe = "spiffe://";

std::string_view value_of(const Entry* entry) { return entry == nullptr ? std::string_view() : entry->value; }

int64_t number_of(std::string_view bytes) {
  int64_t number = 0;
  if (bytes.size() == sizeof(number)) std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

}  // namespace

void Attributes::begin(Phase phase) {
  arena_.reset();
  kept_.clear();
  for (auto& slot : found_) slot.state = State::Unknown;
  for (auto& headers : headers_) headers = {};
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
      value = program_.constants[source.constant];
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
      return text(path().substr(0, path().find('?')), value) && !value.text.empty();
    case SourceKind::QueryParams:
      return query_params(value);
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
    case SourceKind::Principal: {
      auto found = identity(source.name);
      if (found.starts_with(kSpiffe)) found.remove_prefix(kSpiffe.size());
      return text(found, value) && !found.empty();
    }
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

bool Attributes::property(const Source& source, Value& value) {
  auto bytes = property_bytes(source.name);
  if (source.type == Kind::Text) return filled(wellformed(bytes), source, value);
  if (source.type == Kind::Bool) {
    value = Value::of_flag(!bytes.empty() && bytes[0] != 0);
    return true;
  }
  value = Value::of_number(number_of(bytes));
  if (value.number != 0) return true;
  value.number = source.default_number;
  return source.has_default;
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

// spiffe://ANY/ns/HERE/
bool Attributes::space(Value& value) {
  constexpr std::string_view kMark = "/ns/";
  auto rest = identity("peer");
  if (!rest.starts_with(kSpiffe)) return false;
  rest.remove_prefix(kSpiffe.size());
  auto slash = rest.find('/');
  if (slash == std::string_view::npos || !rest.substr(slash).starts_with(kMark)) return false;
  rest.remove_prefix(slash + kMark.size());
  auto end = rest.find('/');
  return end != std::string_view::npos && end != 0 && text(rest.substr(0, end), value);
}

bool Attributes::address(const Source& source, Value& value) {
  constexpr size_t kSize = 16;
  auto found = property_bytes(source.name);
  auto colon = found.rfind(':');
  if (colon == std::string_view::npos) return false;
  found = found.substr(0, colon);
  if (found.starts_with('[')) found.remove_prefix(1);
  if (found.ends_with(']')) found.remove_suffix(1);
  char* to = arena_.bytes(kSize);
  if (to == nullptr || !parse_address(found, to)) return false;
  return text(shortest_address({to, kSize}), value);
}

bool Attributes::grpc(std::string_view name, Value& value) {
  if (grpc_line("grpc-status") == nullptr) return false;
  return text(value_of(grpc_line(name)), value);
}

const Entry* Attributes::grpc_line(std::string_view name) {
  auto* line = headers(HeaderMap::ResponseTrailers).find(name);
  return line != nullptr ? line : headers(HeaderMap::Response).find(name);
}

bool Attributes::flags(const Source& source, Value& value) {
  auto flags = static_cast<uint64_t>(number_of(property_bytes("response.flags"_path)));
  std::string_view joined;
  for (size_t bit = 0; bit < source.codes.size() && bit < 64; ++bit) {
    std::string_view code = source.codes[bit];
    if ((flags >> bit & 1) == 0 || code.empty()) continue;
    joined = joined.empty() ? code : arena_.join(joined, ",", code);
  }
  return text(joined.empty() ? "-" : joined, value);
}

bool Attributes::end_time(Value& value) {
  auto start = property_bytes("request.time"_path), taken = property_bytes("request.duration"_path);
  if (start.empty() || taken.empty()) return false;
  value = Value::of_number(number_of(start) + number_of(taken));
  return true;
}

std::string_view Attributes::header_text(std::string_view name) { return value_of(header(name)); }

std::string_view Attributes::path() {
  auto original = phase_ == Phase::Report ? header_text("x-envoy-original-path") : "";
  return original.empty() ? header_text(":path") : original;
}

std::string_view Attributes::identity(std::string_view side) {
  bool is_peer = side == "peer";
  const std::string_view paths[] = {
      is_peer ? "connection.uri_san_peer_certificate"_path : "connection.uri_san_local_certificate"_path,
      is_peer ? "connection.dns_san_peer_certificate"_path : "connection.dns_san_local_certificate"_path,
      is_peer ? "connection.subject_peer_certificate"_path : "connection.subject_local_certificate"_path,
  };
  for (auto path : paths) {
    auto found = property_bytes(path);
    if (!found.empty()) return wellformed(found);
  }
  return {};
}

bool Attributes::is_grpc() {
  auto type = header_text("content-type");
  return type == "application/grpc" || type == "application/grpc+proto" ||
         type == "application/grpc+json";
}

std::string_view Attributes::property_bytes(std::string_view path) {
  auto bytes = proxy::property(path);
  if (bytes.status() == proxy::Status::InvalidMemoryAccess) has_failed_ = true;
  if (!bytes) return {};
  kept_.push_back(std::move(bytes));
  return kept_.back().view();
}

}  // namespace policy
