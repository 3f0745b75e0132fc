// The numbers of proxy-wasm ABI 0.2.1, under this wrapper's names.
#pragma once

#include <cstdint>

namespace proxy {

/// What a call of the host returns.
enum class Status : uint32_t {
  Ok = 0,
  NotFound = 1,
  BadArgument = 2,
  SerializationFailure = 3,  // a property of a kind that has no serialised form
  ParseFailure = 4,
  InvalidMemoryAccess = 6,  // also: the host asked for memory and got none
  Empty = 7,
  CasMismatch = 8,  // somebody else has set the shared value since it was read
  InternalFailure = 10,
  Unimplemented = 12,
};

/// What a header callback tells Envoy to do next.
///
/// Pause is "stop all iteration", not ABI's plain 1: with `allow_on_headers_stop_iteration` set, a
/// 1 would let the body's callback release a request that still waits for its verdict.
enum class HeadersAction : uint32_t { Continue = 0, Pause = 4 };

/// What a body callback tells Envoy to do next; Buffer keeps the body and waits for more of it.
enum class BodyAction : uint32_t { Continue = 0, Buffer = 1 };

enum class LogLevel : uint32_t { Trace, Debug, Info, Warning, Error, Critical };

enum class HeaderMap : uint32_t {
  Request = 0,
  RequestTrailers = 1,
  Response = 2,
  ResponseTrailers = 3,
  GrpcInitialMetadata = 4,
  GrpcTrailingMetadata = 5,
  HttpCallResponse = 6,
  HttpCallTrailers = 7,
};

enum class Buffer : uint32_t {
  RequestBody = 0,
  ResponseBody = 1,
  HttpCallResponseBody = 4,
  GrpcMessage = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
};

enum class Direction : uint32_t { Request = 0, Response = 1 };

enum class MetricKind : uint32_t { Counter = 0, Gauge = 1, Histogram = 2 };

/// A gRPC status code as it comes from the network: any number is possible.
using GrpcStatus = uint32_t;
inline constexpr GrpcStatus kGrpcOk = 0;
inline constexpr GrpcStatus kGrpcUnavailable = 14;

/// A number of the host for a call on its way.
using Token = uint32_t;

}  // namespace proxy
