// Table A: what is known of a request when its headers have come; the C++ twin of
// proxy_client/http/attributes.py and identity.py.
#include "base/distinct.h"
#include "base/query.h"
#include "mixer_client/attribute_rows.h"
#include "mixer_client/dynamic_metadata.h"

namespace mixer_client {
namespace {

using proxy::HeaderMap;
using proxy::operator""_path;

// A header that an attribute repeats as it is.
template <Literal Name>
bool header(const Sources& sources, Value& value) {
  auto found = sources.host.header(Name.view());
  return found && set_text(*found, value);
}

template <Literal Name, Literal Default = "">
bool header_or(const Sources& sources, Value& value) {
  auto found = sources.host.header(Name.view()).value_or("");
  return set_text(found.empty() ? Default.view() : found, value);
}

std::string_view path(const Sources& sources) { return sources.host.header(":path").value_or(""); }

bool url_path(const Sources& sources, Value& value) {
  return set_text(base::url_path(path(sources)), value) && !path(sources).empty();
}

bool query_params(const Sources& sources, Value& value) {
  return set_if_filled(base::query_params(path(sources), sources.host.arena()), value);
}

bool method(const Sources& sources, Value& value) {
  return set_if_filled(sources.host.header(":method").value_or(""), value);
}

bool request_headers(const Sources& sources, Value& value) {
  return set_lines(sources.host.lines(HeaderMap::Request), sources.host, value);
}

// As Istio's proxies told gRPC from other HTTP.
bool protocol(const Sources& sources, Value& value) {
  auto type = sources.host.header("content-type").value_or("");
  bool is_grpc = type == "application/grpc" || type == "application/grpc+proto" ||
                 type == "application/grpc+json";
  return set_text(is_grpc ? "grpc" : "http", value);
}

bool origin_ip(const Sources& sources, Value& value) {
  auto client = base::split_endpoint(sources.host.bytes("source.address"_path));
  return client && set_address(client->address, sources.host, value);
}

bool is_mutual(const Sources& sources, Value& value) {
  auto flag = sources.host.is_encrypted() ? sources.host.bytes("connection.mtls"_path) : "";
  value.flag = !flag.empty() && flag[0] != 0;
  return true;
}

bool server_name(const Sources& sources, Value& value) {
  if (!sources.host.is_encrypted()) return false;
  return set_if_filled(sources.host.text("connection.requested_server_name"_path), value);
}

// The first URI of a certificate, without "spiffe://".
bool principal(HostRequest& host, std::string_view property, Value& value) {
  constexpr std::string_view kSpiffe = "spiffe://";
  if (!host.is_encrypted()) return false;
  auto found = host.text(property);
  if (found.starts_with(kSpiffe)) found.remove_prefix(kSpiffe.size());
  return set_if_filled(found, value);
}

bool destination_principal(const Sources& sources, Value& value) {
  return principal(sources.host, "connection.uri_san_local_certificate"_path, value);
}

std::optional<std::string_view> authentication(HostRequest& host) {
  return find_entry(host.metadata(), kAuthentication);
}

std::string_view authenticated_text(HostRequest& host, std::string_view name) {
  auto field = find_entry(authentication(host).value_or(""), name);
  return field ? value_text(*field, host.arena()) : std::string_view();
}

template <Literal Name>
bool authenticated(const Sources& sources, Value& value) {
  return set_if_filled(authenticated_text(sources.host, Name.view()), value);
}

// The certificate only counts when nobody says who is authenticated.
bool source_principal(const Sources& sources, Value& value) {
  if (authentication(sources.host)) return authenticated<"source.principal">(sources, value);
  return principal(sources.host, "connection.uri_san_peer_certificate"_path, value);
}

// What stands between "/ns/" and the next "/" of the peer's name, unless it is said by itself.
bool source_namespace(const Sources& sources, Value& value) {
  constexpr std::string_view kMark = "/ns/";
  if (authenticated<"source.namespace">(sources, value)) return true;
  auto peer = authenticated_text(sources.host, "source.user");
  if (peer.empty()) peer = authenticated_text(sources.host, "source.principal");
  auto mark = peer.find(kMark);
  if (mark == std::string_view::npos) return false;
  auto rest = peer.substr(mark + kMark.size());
  return set_if_filled(rest.substr(0, rest.find('/')), value);
}

bool first_audience(const Sources& sources, Value& value) {
  auto field = find_entry(authentication(sources.host).value_or(""), "request.auth.audiences");
  return field && set_if_filled(first_text(*field, sources.host.arena()), value);
}

bool claims(const Sources& sources, Value& value) {
  auto field = find_entry(authentication(sources.host).value_or(""), "request.auth.claims");
  return field && set_if_filled(string_entries(value_struct(*field), sources.host.arena()), value);
}

// Whether no name comes twice, as in most requests. False when they are too many to try all.
bool are_distinct(std::span<const base::Entry> lines) {
  constexpr size_t kMany = 48;
  if (lines.size() > kMany) return false;
  for (size_t i = 1; i < lines.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (lines[k].name == lines[i].name) return false;
    }
  }
  return true;
}

constexpr Row kRows[] = {
    {"request.headers", Type::StringMap, request_headers},
    {"request.host", Type::String, header_or<":authority">},
    {"request.method", Type::String, method},
    {"request.path", Type::String, header_or<":path">},
    {"request.url_path", Type::String, url_path},
    {"request.query_params", Type::StringMap, query_params},
    {"request.referer", Type::String, header<"referer">},
    {"request.scheme", Type::String, header_or<":scheme", "http">},
    {"request.useragent", Type::String, header<"user-agent">},
    {"request.time", Type::Timestamp, number_property<"request.time">},
    {"context.protocol", Type::String, protocol},
    {"origin.ip", Type::Bytes, origin_ip},
    {"connection.mtls", Type::Bool, is_mutual},
    {"connection.requested_server_name", Type::String, server_name},
    {"destination.principal", Type::String, destination_principal},
    {"request.auth.principal", Type::String, authenticated<"request.auth.principal">},
    {"request.auth.audiences", Type::String, first_audience},
    {"request.auth.presenter", Type::String, authenticated<"request.auth.presenter">},
    {"request.auth.raw_claims", Type::String, authenticated<"request.auth.raw_claims">},
    {"request.auth.claims", Type::StringMap, claims},
    {"source.user", Type::String, authenticated<"source.user">},
    {"source.principal", Type::String, source_principal},
    {"source.namespace", Type::String, source_namespace},
};

}  // namespace

std::span<const Row> check_rows() { return kRows; }

bool set_address(std::string_view address, HostRequest& host, Value& value) {
  char* to = host.arena().bytes(base::kMaxAddressSize);
  if (to == nullptr) return false;
  return set_if_filled({to, base::read_address(address, to)}, value);
}

bool set_lines(std::span<const base::Entry> lines, HostRequest& host, Value& value) {
  if (are_distinct(lines)) {
    return set_if_filled(base::Map{lines.data(), static_cast<uint32_t>(lines.size())}, value);
  }
  return set_if_filled(base::distinct(lines, base::Keep::Last, host.arena()), value);
}

}  // namespace mixer_client
