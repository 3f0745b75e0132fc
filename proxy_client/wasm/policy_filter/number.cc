#include "policy_filter/number.h"

#include <cstring>

namespace policy {
namespace {

// `number` in just so many digits.
char* padded(uint64_t number, int digits, char* to) {
  for (int i = digits - 1; i >= 0; --i, number /= 10) to[i] = static_cast<char>('0' + number % 10);
  return to + digits;
}

// A number of which `unit` is one, less zeros at the end of its fraction.
[[gnu::noinline]] size_t fraction(uint64_t number, uint64_t unit, int digits, char* to) {
  size_t size = decimal(number / unit, to);
  if (number % unit == 0) return size;
  to[size] = '.';
  char* end = padded(number % unit, digits, to + size + 1);
  while (end[-1] == '0') --end;
  return static_cast<size_t>(end - to);
}

[[gnu::noinline]] size_t with_unit(size_t size, const char* unit, char* to) {
  auto length = std::strlen(unit);
  std::memcpy(to + size, unit, length);
  return size + length;
}

size_t positive_duration(uint64_t ns, char* to) {
  constexpr uint64_t kSecond = 1'000'000'000;
  if (ns == 0) return with_unit(0, "0s", to);
  if (ns < 1'000) return with_unit(decimal(ns, to), "ns", to);
  if (ns < 1'000'000) return with_unit(fraction(ns, 1'000, 3, to), "\xc2\xb5s", to);
  if (ns < kSecond) return with_unit(fraction(ns, 1'000'000, 6, to), "ms", to);
  size_t size = 0;
  auto minutes = ns / (60 * kSecond);
  if (minutes >= 60) size = with_unit(decimal(minutes / 60, to), "h", to);
  if (minutes > 0) size = with_unit(size + decimal(minutes % 60, to + size), "m", to);
  return with_unit(size + fraction(ns % (60 * kSecond), kSecond, 9, to + size), "s", to);
}

}  // namespace

size_t decimal(uint64_t number, char* to) {
  int digits = 1;
  for (auto rest = number / 10; rest != 0; rest /= 10) ++digits;
  padded(number, digits, to);
  return static_cast<size_t>(digits);
}

size_t signed_decimal(int64_t number, char* to) {
  if (number >= 0) return decimal(static_cast<uint64_t>(number), to);
  *to = '-';
  return 1 + decimal(0 - static_cast<uint64_t>(number), to + 1);
}

size_t duration_text(int64_t ns, char* to) {
  if (ns >= 0) return positive_duration(static_cast<uint64_t>(ns), to);
  *to = '-';
  return 1 + positive_duration(0 - static_cast<uint64_t>(ns), to + 1);
}

}  // namespace policy
