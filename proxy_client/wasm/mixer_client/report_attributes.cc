// Table B: what is known of a request when it is over; the C++ twin of proxy_client/http/report.py.
//
// Each thing that the host tells costs microseconds. So what can be worked out of headers that are
// read anyway is: the response's code, and the size of its headers. And what is empty is not asked
// for.
#include <algorithm>

#include "mixer_client/attribute_rows.h"
#include "mixer_client/dynamic_metadata.h"
#include "mixer_client/response_flags.h"
#include "mixer_client/status_text.h"

namespace mixer_client {
namespace {

using base::Entry;
using proxy::HeaderMap;
using proxy::operator""_path;

constexpr int64_t kNoResponse = 500;

bool check_cache_hit(const Sources& sources, Value& value) {
  value.flag = sources.facts.is_check_cache_hit;
  return sources.facts.was_asked;
}

bool quota_cache_hit(const Sources& sources, Value& value) {
  value.flag = sources.facts.is_quota_cache_hit;
  return sources.facts.was_asked;
}

bool error_code(const Sources& sources, Value& value) {
  value.number = sources.facts.denial.code;
  return !sources.facts.denial.is_ok();
}

bool error_message(const Sources& sources, Value& value) {
  auto& denial = sources.facts.denial;
  return !denial.is_ok() && set_text(sources.host.arena().join(status_text(denial), ""), value);
}

bool destination_ip(const Sources& sources, Value& value) {
  auto upstream = sources.host.upstream();
  return upstream && set_address(upstream->address, sources.host, value);
}

bool destination_port(const Sources& sources, Value& value) {
  auto upstream = sources.host.upstream();
  if (!upstream) return false;
  value.number = upstream->port;
  return true;
}

bool destination_uid(const Sources& sources, Value& value) {
  constexpr auto kUid = "xds.upstream_host_metadata.filter_metadata.istio.uid"_path;
  return set_if_filled(sources.host.text(kUid), value);
}

std::span<const Entry> trailers_of(const Sources& sources) {
  if (sources.facts.is_response_bare) return {};
  return sources.host.lines(HeaderMap::ResponseTrailers);
}

bool response_headers(const Sources& sources, Value& value) {
  auto first = sources.host.lines(HeaderMap::Response);
  auto trailers = trailers_of(sources);
  if (trailers.empty()) return set_lines(first, sources.host, value);
  auto size = first.size() + trailers.size();
  auto* all = static_cast<Entry*>(sources.host.arena().allocate(size * sizeof(Entry)));
  if (all == nullptr) return false;
  std::copy(trailers.begin(), trailers.end(), std::copy(first.begin(), first.end(), all));
  return set_lines({all, size}, sources.host, value);
}

bool response_time(const Sources&, Value& value) {
  value.number = static_cast<int64_t>(proxy::now_ns());
  return true;
}

// The code that the headers say; 0 without headers.
int64_t sent_code(HostRequest& host) {
  int64_t code = 0;
  for (char c : host.header(HeaderMap::Response, ":status").value_or("")) {
    if (c < '0' || c > '9' || code > 999) return 0;
    code = code * 10 + (c - '0');
  }
  return code;
}

bool response_code(const Sources& sources, Value& value) {
  auto& denial = sources.facts.denial;
  value.number = denial.is_ok() ? sent_code(sources.host) : http_status(denial.code);
  if (value.number == 0) value.number = sources.host.number("response.code"_path);
  if (value.number == 0) value.number = kNoResponse;
  return true;
}

bool request_size(const Sources& sources, Value& value) {
  value.number = sources.facts.is_request_bare ? 0 : sources.host.number("request.size"_path);
  return true;
}

bool request_total_size(const Sources& sources, Value& value) {
  request_size(sources, value);
  value.number += static_cast<int64_t>(sources.facts.request_header_size);
  return true;
}

bool response_size(const Sources& sources, Value& value) {
  value.number = sources.facts.is_response_bare ? 0 : sources.host.number("response.size"_path);
  return true;
}

bool response_total_size(const Sources& sources, Value& value) {
  response_size(sources, value);
  auto headers = sources.host.size(HeaderMap::Response);
  if (!trailers_of(sources).empty()) headers += sources.host.size(HeaderMap::ResponseTrailers);
  value.number += static_cast<int64_t>(headers);
  return true;
}

std::optional<std::string_view> grpc_line(const Sources& sources, std::string_view name) {
  if (!trailers_of(sources).empty()) {
    if (auto line = sources.host.header(HeaderMap::ResponseTrailers, name)) return line;
  }
  return sources.host.header(HeaderMap::Response, name);
}

bool grpc_status(const Sources& sources, Value& value) {
  auto status = grpc_line(sources, "grpc-status");
  return status && set_text(*status, value);
}

bool grpc_message(const Sources& sources, Value& value) {
  if (!grpc_line(sources, "grpc-status")) return false;
  return set_text(grpc_line(sources, "grpc-message").value_or(""), value);
}

bool error_flags(const Sources& sources, Value& value) {
  auto flags = static_cast<uint64_t>(sources.host.number("response.flags"_path));
  if (!sources.facts.denial.is_ok()) flags |= kDeniedFlag;
  return set_text(flag_codes(flags, sources.host.arena()), value);
}

template <Literal Field>
bool rbac(const Sources& sources, Value& value) {
  auto found = find_entry(find_entry(sources.host.metadata(), kRbac).value_or(""), Field.view());
  return found && set_if_filled(value_text(*found, sources.host.arena()), value);
}

constexpr Row kRows[] = {
    {"check.cache_hit", Type::Bool, check_cache_hit},
    {"quota.cache_hit", Type::Bool, quota_cache_hit},
    {"check.error_code", Type::Int64, error_code},
    {"check.error_message", Type::String, error_message},
    {"destination.ip", Type::Bytes, destination_ip, true},
    {"destination.port", Type::Int64, destination_port, true},
    {"destination.uid", Type::String, destination_uid},
    {"response.headers", Type::StringMap, response_headers},
    {"response.time", Type::Timestamp, response_time},
    {"response.duration", Type::Duration, number_property<"request.duration">},
    {"response.code", Type::Int64, response_code},
    {"request.size", Type::Int64, request_size},
    {"response.size", Type::Int64, response_size},
    {"request.total_size", Type::Int64, request_total_size},
    {"response.total_size", Type::Int64, response_total_size},
    {"response.grpc_status", Type::String, grpc_status},
    {"response.grpc_message", Type::String, grpc_message},
    {"context.proxy_error_code", Type::String, error_flags},
    {"rbac.permissive.response_code", Type::String, rbac<"shadow_engine_result">},
    {"rbac.permissive.effective_policy_id", Type::String, rbac<"shadow_effective_policy_id">},
};

}  // namespace

std::span<const Row> report_rows() { return kRows; }

}  // namespace mixer_client
