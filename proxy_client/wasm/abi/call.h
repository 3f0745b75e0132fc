// Calls to clusters. They are sent and answered through contexts, see context.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host_bytes.h"
#include "pairs.h"
#include "types.h"

namespace proxy {

struct GrpcCall {
  std::string_view cluster;
  std::string_view service;
  std::string_view method;
  std::string_view message;
  uint32_t timeout_ms;
  PairList metadata = {};
};

/// Says to `proxy_grpc_call` which cluster is meant: an `envoy.config.core.v3.GrpcService` with
/// `envoy_grpc { cluster_name }`.
///
/// Envoy takes a bare name, too, but only where its bytes are no valid protobuf. A name that
/// happens to be (such as "empty": an unknown field of four bytes) ends Envoy 1.40 with
/// "panic: unset oneof".
std::string grpc_service(std::string_view cluster);

/// The one answer to a GrpcCall.
struct GrpcAnswer {
  GrpcStatus status;
  /// The message when `status` is kGrpcOk, else empty.
  std::string_view message;
  /// What went wrong, else empty. Envoy adds where it has the status from: "text{via_upstream}".
  std::string_view error;
};

struct HttpCall {
  std::string_view cluster;
  /// With :method, :path and :authority.
  PairList headers;
  uint32_t timeout_ms;
  std::string_view body = {};
};

/// The one answer to an HttpCall. Its headers: `header(HeaderMap::HttpCallResponse, ...)`; its
/// body: `buffer(Buffer::HttpCallResponseBody, 0, body_size)`.
struct HttpAnswer {
  /// 0 when there was no answer: the call timed out, or the cluster can't be reached.
  uint32_t header_count;
  uint32_t body_size;
};

}  // namespace proxy
