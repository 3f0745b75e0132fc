// The configuration of the filter, in the form of Istio's HttpClientConfig.
//
// It is JSON as protobuf prints messages (names with or without underscores, 64-bit numbers as
// numbers or text, durations as "1.5s"); unknown fields are refused, with their place. What Istio
// 1.4 did not read is refused, too: README.md of this folder lists all that is known.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "mixer_client/bag.h"
#include "mixer_client/quota_spec.h"

namespace mixer_client {

inline constexpr size_t kMaxConfiguration = 1024 * 1024;  // bytes
inline constexpr size_t kMaxServices = 1000;
inline constexpr size_t kMaxQuotaRules = 1000;  // of one service
inline constexpr size_t kMaxInQuotaRule = 100;  // matches, clauses of a match, quotas
inline constexpr size_t kMaxInMap = 1000;       // entries of a configured map
inline constexpr uint32_t kMaxRetries = 100;
inline constexpr uint32_t kMaxBatchEntries = 1000;

/// How the filter talks to Mixer (TransportConfig).
struct Transport {
  std::string check_cluster = "mixer_server";
  std::string report_cluster = "mixer_server";
  uint32_t timeout_ms = 5000;
  bool is_check_fail_open = false;
  bool is_quota_fail_open = true;
  uint32_t max_retries = 0;
  uint32_t base_retry_wait_ms = 80;
  uint32_t max_retry_wait_ms = 1000;
  uint32_t check_cache_entries = 10000;  // 0: disable_check_cache
  uint32_t quota_cache_entries = 10000;  // 0: disable_quota_cache
  uint32_t report_batch_entries = 100;   // 1: disable_report_batch
  uint32_t report_batch_ms = 1000;
};

/// What one service wants (ServiceConfig).
struct Service {
  std::string name;
  bool has_check = true;
  bool has_report = true;
  QuotaSpec quotas;
  /// The configured attributes of its requests by name, null for none: those for all services, and
  /// over them its own. Shorter than the list of names when names have come since.
  std::vector<const Value*> attributes;
  /// The value of `x-istio-attributes` for the next proxy; empty for no such header.
  std::string forward_header;
};

/// Stays where it is: values point into it.
struct Settings {
  Settings() = default;
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;

  Transport transport;
  bool ignores_forwarded = false;
  /// For requests to no service.
  std::string forward_header;
  std::vector<std::unique_ptr<Service>> services;  // sorted by name
  std::string default_service;
  /// All that a request can have: the rows of attribute_rows.h first, in their order, then what is
  /// configured, forwarded, or asked for by quotas.
  Names names;

  // What `Service::attributes` points to.
  base::Arena texts;
  std::deque<Value> values;

  /// The service of that name, else the default one, else null: then nothing is asked or told.
  const Service* service(std::string_view name) const;
  /// Whether a route can make a difference to what `service` gives.
  bool depends_on_route() const;
};

/// Who the proxy is; empty texts for what is not known.
struct ProxyNode {
  std::string uid;
  std::string name_space;
};

/// Reads the configuration; gives what is wrong with it and where, empty when nothing is.
std::string load_settings(std::string_view json, Settings& settings, const ProxyNode& node = {});

}  // namespace mixer_client
