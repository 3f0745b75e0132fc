#include "mixer_client/observed.h"

#include <bit>
#include <string_view>

namespace mixer_client {
namespace {

// The shorter text first: most of those that differ do so in that.
std::strong_ordering compare(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return one.size() <=> other.size();
  return one.compare(other) <=> 0;
}

}  // namespace

Observed observe(const Value* value, const std::optional<std::string>& key) {
  if (value == nullptr) return {Observed::State::Absent, {}};
  bool is_map = value->type == Type::StringMap;
  bool is_nan = value->type == Type::Double && value->real != value->real;
  if (is_map != key.has_value() || is_nan) return {Observed::State::Unfit, {}};
  if (!is_map) return {Observed::State::Present, *value};
  auto* entry = value->map.find(*key);
  if (entry == nullptr) return {Observed::State::Absent, {}};
  return {Observed::State::Present, Value::of(Type::String, entry->value)};
}

std::strong_ordering compare(const Value& one, const Value& other) {
  if (one.type != other.type) return one.type <=> other.type;
  switch (one.type) {
    case Type::String:
    case Type::Bytes:
      return compare(one.text, other.text);
    case Type::Double:
      return std::bit_cast<uint64_t>(one.real) <=> std::bit_cast<uint64_t>(other.real);
    case Type::Bool:
      return one.flag <=> other.flag;
    default:
      return one.number <=> other.number;
  }
}

}  // namespace mixer_client
