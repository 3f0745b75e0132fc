// Base64 in the standard alphabet, padded (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

std::string encode_base64(std::string_view bytes);

/// Nothing for what is not base64; line breaks are not.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace base
