// What a request shows of an attribute, in a form in which only what is the same is equal.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "mixer_client/value.h"

namespace mixer_client {

struct Observed {
  enum class State : uint8_t {
    Absent,
    Present,
    /// No condition is met by this: a NaN; a map where one value was looked for; one value where a
    /// map was looked for.
    Unfit,
  };

  State state;
  /// Of what is present; it owns none of its bytes.
  Value value;
};

/// What there is of an attribute (null: it is absent), or of that key in it.
Observed observe(const Value* value, const std::optional<std::string>& key);

/// Whether it has bytes that others own.
inline bool has_text(const Value& value) {
  return value.type == Type::String || value.type == Type::Bytes;
}

/// An order of values in which those that are the same are equal. Not for maps, nor NaNs.
std::strong_ordering compare(const Value& one, const Value& other);

}  // namespace mixer_client
