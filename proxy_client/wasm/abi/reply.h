// An answer that Envoy gives itself, without the upstream.
#pragma once

#include <cstdint>
#include <string_view>

#include "imports.h"
#include "pairs.h"

namespace proxy {

/// What a filter answers. Envoy turns it into a gRPC answer when the request is one.
struct LocalReply {
  static constexpr uint32_t kNoGrpcStatus = UINT32_MAX;

  uint32_t status;
  std::string_view body = {};
  PairList headers = {};
  /// Goes into %RESPONSE_CODE_DETAILS%.
  std::string_view details = {};
  /// The status for a gRPC request; without one Envoy derives it from `status`.
  uint32_t grpc_status = kNoGrpcStatus;
};

}  // namespace proxy
