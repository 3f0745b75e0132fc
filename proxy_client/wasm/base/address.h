// IP addresses: texts and bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace base {

inline constexpr size_t kMaxAddressSize = 16;

/// Writes the 4 bytes of an IPv4 address or the 16 of an IPv6 one, of which a zone ("%eth0") is
/// left out; gives their number, 0 for what is no address.
size_t read_address(std::string_view text, char* to);

/// Where a connection ends: "10.0.0.1:80" or "[::1]:80".
struct Endpoint {
  std::string_view address;
  uint16_t port;
};

/// Nothing for what has no port, such as the path of a socket.
std::optional<Endpoint> split_endpoint(std::string_view text);

}  // namespace base
