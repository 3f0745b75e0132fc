// Doubles as decimals, with whole numbers of any size: there are few of them, so this is plain
// rather than fast, and needs no tables.
#include <algorithm>
#include <cstring>

#include "policy_filter/number.h"

namespace policy {
namespace {

// A whole number of up to 1,280 bits; the largest here is 2^1130. Its functions are not inlined,
// for size.
class Big {
 public:
  explicit Big(uint64_t number)
      : words_{static_cast<uint32_t>(number), static_cast<uint32_t>(number >> 32)} {}

  [[gnu::noinline]] void multiply(uint32_t factor) {
    uint64_t carry = 0;
    for (auto& word : words_) {
      carry += uint64_t{word} * factor;
      word = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  [[gnu::noinline]] void shift(int bits) {
    for (; bits >= 31; bits -= 31) multiply(uint32_t{1} << 31);
    multiply(uint32_t{1} << bits);
  }
  [[gnu::noinline]] void add(const Big& other) {
    uint64_t carry = 0;
    for (int i = 0; i < kWords; ++i) {
      carry += uint64_t{words_[i]} + other.words_[i];
      words_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  [[gnu::noinline]] void subtract(const Big& other) {
    int64_t carry = 0;
    for (int i = 0; i < kWords; ++i) {
      carry += int64_t{words_[i]} - other.words_[i];
      words_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  // -1, 0 or 1.
  [[gnu::noinline]] int compare(const Big& other) const {
    for (int i = kWords - 1; i >= 0; --i) {
      if (words_[i] != other.words_[i]) return words_[i] < other.words_[i] ? -1 : 1;
    }
    return 0;
  }
  // How often `other` is in it; leaves the rest.
  int divide(const Big& other) {
    int count = 0;
    for (; compare(other) >= 0; ++count) subtract(other);
    return count;
  }

 private:
  static constexpr int kWords = 40;
  uint32_t words_[kWords] = {};
};

struct Parts {
  uint64_t mantissa;
  int exponent;
  bool is_boundary;  // the next smaller double is nearer than the next greater
};

Parts parts_of(double number) {
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof(bits));
  auto mantissa = bits & ((uint64_t{1} << 52) - 1);
  auto exponent = static_cast<int>(bits >> 52 & 0x7ff);
  if (exponent == 0) return {mantissa, -1074, false};
  return {mantissa | uint64_t{1} << 52, exponent - 1075, mantissa == 0 && exponent > 1};
}

// All are scaled alike: the number, half the gaps to its neighbours, and one.
struct Scaled {
  Big number, above, below, one;
};

Scaled scaled(Parts parts) {
  int up = std::max(parts.exponent, 0), down = std::max(-parts.exponent, 0);
  Scaled it{Big(parts.mantissa), Big(1), Big(1), Big(1)};
  it.number.shift(up + 1 + parts.is_boundary);
  it.one.shift(down + 1 + parts.is_boundary);
  it.above.shift(up + parts.is_boundary);
  it.below.shift(up);
  return it;
}

struct Digits {
  char text[20];  // 17 are always enough
  int size = 0;
  int point = 0;  // how many stand before the decimal point
};

// Whether the number, or what rounds to it, reaches one.
bool reaches_one(const Scaled& it, bool is_even) {
  Big sum = it.number;
  sum.add(it.above);
  int order = sum.compare(it.one);
  return order > 0 || (order == 0 && is_even);
}

void multiply_by_ten(Scaled& it) {
  for (auto* part : {&it.number, &it.above, &it.below}) part->multiply(10);
}

// Makes the number less than one, at least a tenth; says how many digits stand before the point.
int normalise(Scaled& it, bool is_even) {
  int point = 0;
  for (; reaches_one(it, is_even); ++point) it.one.multiply(10);
  for (;; --point) {
    Scaled next = it;
    multiply_by_ten(next);
    if (reaches_one(next, is_even)) return point;
    it = next;
  }
}

// The shortest digits that read back the same (Steele and White).
void generate(double number, Digits& digits) {
  auto parts = parts_of(number);
  bool is_even = parts.mantissa % 2 == 0;
  Scaled it = scaled(parts);
  digits.point = normalise(it, is_even);
  for (bool is_low = false, is_high = false; !is_low && !is_high;) {
    multiply_by_ten(it);
    int digit = it.number.divide(it.one);
    int low = it.number.compare(it.below);
    is_low = low < 0 || (low == 0 && is_even);
    is_high = reaches_one(it, is_even);
    if (is_high) {
      Big twice = it.number;
      twice.add(it.number);
      int order = twice.compare(it.one);
      if (!is_low || order > 0 || (order == 0 && digit % 2 == 1)) ++digit;
    }
    digits.text[digits.size++] = static_cast<char>('0' + digit);
  }
}

size_t place(const Digits& digits, char* to) {
  size_t size = 0;
  if (digits.point <= 0) to[size++] = '0';
  for (int i = 0; i < digits.point; ++i) to[size++] = i < digits.size ? digits.text[i] : '0';
  if (digits.size <= digits.point) return size;
  to[size++] = '.';
  for (int i = digits.point; i < 0; ++i) to[size++] = '0';
  for (int i = std::max(digits.point, 0); i < digits.size; ++i) to[size++] = digits.text[i];
  return size;
}

size_t put(std::string_view text, char* to) {
  std::memcpy(to, text.data(), text.size());
  return text.size();
}

}  // namespace

size_t double_text(double number, char* to) {
  if (number != number) return put("NaN", to);
  if (number - number != 0) return put(number < 0 ? "-Inf" : "+Inf", to);
  size_t sign = __builtin_signbit(number) ? put("-", to) : 0;
  number = __builtin_fabs(number);
  if (number == 0) return sign + put("0", to + sign);
  Digits digits;
  generate(number, digits);
  return sign + place(digits, to + sign);
}

}  // namespace policy
