// Values of a program. Which member of a value holds is known from the code, which is typed.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/map.h"

namespace policy {

using base::Entry;
using base::Map;

/// The numbers of the types, as programs have them.
enum class Kind : uint32_t { Text, Int, Bool, Double, Address, Time, Duration, Map };
inline constexpr uint32_t kKindCount = 8;

/// A text or an address (its bytes), a number (also times and durations), ...
struct Value {
  union {
    std::string_view text;
    int64_t number;
    double real;
    bool flag;
    const Map* map;
  };

  Value() : number(0) {}
  static Value of(std::string_view text) {
    Value value;
    value.text = text;
    return value;
  }
  static Value of_number(int64_t number) {
    Value value;
    value.number = number;
    return value;
  }
  static Value of_flag(bool flag) {
    Value value;
    value.flag = flag;
    return value;
  }
  static Value of_real(double real) {
    Value value;
    value.real = real;
    return value;
  }
  static Value of_map(const Map* map) {
    Value value;
    value.map = map;
    return value;
  }
};

}  // namespace policy
