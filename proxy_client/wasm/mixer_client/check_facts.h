// What is kept of a request for its Report.
#pragma once

#include <cstddef>

#include "mixer_client/verdict.h"

namespace mixer_client {

struct CheckFacts {
  /// How many bytes names and values of the headers had when they came; 0 when another filter
  /// answered before.
  size_t request_header_size = 0;
  /// Whether they ended with their headers: then they have neither body nor trailers.
  bool is_request_bare = false;
  bool is_response_bare = false;
  bool was_asked = false;
  bool is_check_cache_hit = false;
  bool is_quota_cache_hit = false;
  /// Of the verdict, when it was a denial; else OK.
  Status denial;
};

}  // namespace mixer_client
