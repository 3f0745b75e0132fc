// Texts of numbers, times and durations, and times of texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace policy {

/// Enough for each but doubles.
inline constexpr size_t kMaxNumberText = 40;
/// Enough for doubles: up to 309 digits, or 0. and 340.
inline constexpr size_t kMaxDoubleText = 400;

size_t decimal(uint64_t number, char* to);
size_t signed_decimal(int64_t number, char* to);
/// The shortest decimal that reads back the same, with zeros in place of an exponent.
size_t double_text(double number, char* to);
/// 2019-06-01T10:00:00.123456Z
size_t time_text(int64_t ns, char* to);
/// As Go's: 1m30s
size_t duration_text(int64_t ns, char* to);
/// RFC 3339; what 64 bits do not hold becomes the nearest that they do.
std::optional<int64_t> parse_time(std::string_view text);

}  // namespace policy
