#include "call.h"

namespace proxy {
namespace {

void append_varint(std::string& bytes, size_t number) {
  for (; number >= 0x80; number >>= 7) bytes.push_back(static_cast<char>(number | 0x80));
  bytes.push_back(static_cast<char>(number));
}

// A field of type bytes, string or message with the number 1.
std::string first_field(std::string_view content) {
  constexpr char kTag = 1 << 3 | 2;
  std::string bytes(1, kTag);
  append_varint(bytes, content.size());
  return bytes.append(content);
}

}  // namespace

// Both GrpcService.envoy_grpc and EnvoyGrpc.cluster_name are field 1.
std::string grpc_service(std::string_view cluster) { return first_field(first_field(cluster)); }

}  // namespace proxy
