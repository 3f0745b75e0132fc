// IP addresses: 4 or 16 bytes, and their texts.
#pragma once

#include <cstdint>
#include <string_view>

namespace policy {

inline constexpr size_t kMaxAddressText = 45;

/// Writes the 16 bytes of an address, IPv4 as ::ffff:a.b.c.d; false for what is none, or has a zone.
bool parse_address(std::string_view text, char* to);

/// An IPv4 address in its 4 bytes, whatever its form.
std::string_view shortest_address(std::string_view address);

/// Writes the text of an address; gives its size.
size_t address_text(std::string_view address, char* to);

}  // namespace policy
