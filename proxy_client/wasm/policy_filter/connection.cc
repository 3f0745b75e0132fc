#include "policy_filter/connection.h"

#include <cstring>

#include "abi/filter.h"

namespace policy {
namespace {

using proxy::operator""_path;

constexpr uint32_t kConnectionCount = 256;
constexpr Text kPaths[kFactCount] = {
    {},
    "connection.mtls"_path,
    "connection.requested_server_name"_path,
    "destination.address"_path,
    "destination.port"_path,
    "connection.uri_san_peer_certificate"_path,
    "connection.dns_san_peer_certificate"_path,
    "connection.subject_peer_certificate"_path,
    "connection.uri_san_local_certificate"_path,
    "connection.dns_san_local_certificate"_path,
    "connection.subject_local_certificate"_path,
};

}  // namespace

Text path_of(FactNumber number) { return kPaths[static_cast<uint32_t>(number)]; }

FactNumber fact_number(Text path) {
  for (uint32_t number = 1; number < kFactCount; ++number) {
    if (kPaths[number] == path) return static_cast<FactNumber>(number);
  }
  return FactNumber::None;
}

void Fact::keep(Text bytes) {
  if (bytes.size() > sizeof(bytes_)) return;
  state_ = State::Known;
  size_ = static_cast<uint8_t>(bytes.copy(bytes_, bytes.size()));
}

Connection* Connection::current() {
  static auto* all = new Connection[kConnectionCount]();
  auto id = proxy::property_as<uint64_t>("connection_id"_path);
  if (!id) return nullptr;
  auto& connection = all[*id % kConnectionCount];
  if (connection.id_ != *id) {
    connection = {};
    connection.id_ = *id;
  }
  return &connection;
}

}  // namespace policy
