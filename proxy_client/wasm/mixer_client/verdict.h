// What is decided about a request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mixer_client {

/// The codes that have a meaning here; any other number can come, too.
enum Code : int32_t {
  kOk = 0,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kResourceExhausted = 8,
  kInternal = 13,
  kUnavailable = 14,
};

struct Status {
  int32_t code = kOk;
  std::string message = {};

  bool is_ok() const { return code == kOk; }
};

enum class Operation : uint8_t { Replace = 0, Remove = 1, Append = 2 };

struct HeaderChange {
  std::string name;
  std::string value;
  Operation operation;
};

/// What else the policy wants done, whether or not the request may pass.
struct RouteDirective {
  std::vector<HeaderChange> request_changes;
  std::vector<HeaderChange> response_changes;
  /// Other than 0: the answer, in place of the upstream's.
  uint32_t direct_response_code = 0;
  std::string direct_response_body;
};

struct Verdict {
  Status status;
  /// Null for none. Shared by all requests that the cache answers with it.
  std::shared_ptr<const RouteDirective> directive;
  bool is_check_cache_hit = false;
  bool is_quota_cache_hit = false;
};

}  // namespace mixer_client
