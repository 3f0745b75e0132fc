// Values of attributes, as Mixer knows them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/map.h"

namespace mixer_client {

enum class Type : uint8_t { String, Int64, Double, Bool, Bytes, Timestamp, Duration, StringMap };

/// One value; it owns none of its bytes.
struct Value {
  Type type = Type::Int64;
  union {
    std::string_view text;  // String, Bytes
    int64_t number;         // Int64; Timestamp in ns since 1970; Duration in ns
    double real;
    bool flag;
    base::Map map;  // never empty: a map without entries is an absent attribute
  };

  Value() : number(0) {}
  static Value of(Type type, std::string_view text) {
    Value value;
    value.type = type;
    value.text = text;
    return value;
  }
  static Value of(Type type, int64_t number) {
    Value value;
    value.type = type;
    value.number = number;
    return value;
  }
  static Value of(double real) {
    Value value;
    value.type = Type::Double;
    value.real = real;
    return value;
  }
  static Value of(bool flag) {
    Value value;
    value.type = Type::Bool;
    value.flag = flag;
    return value;
  }
  static Value of(const base::Map& map) {
    Value value;
    value.type = Type::StringMap;
    value.map = map;
    return value;
  }
};

/// Whether two values have the same type and content: 1 and true differ, so do 0.0 and -0.0, and a
/// NaN equals none. Maps are never compared whole.
bool is_same(const Value& one, const Value& other);

}  // namespace mixer_client
