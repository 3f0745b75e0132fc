#include "mixer_client/value.h"

#include <bit>

namespace mixer_client {

bool is_same(const Value& one, const Value& other) {
  if (one.type != other.type) return false;
  switch (one.type) {
    case Type::String:
    case Type::Bytes:
      return one.text == other.text;
    case Type::Int64:
    case Type::Timestamp:
    case Type::Duration:
      return one.number == other.number;
    case Type::Double:
      return one.real == other.real &&  // which no NaN is
             std::bit_cast<uint64_t>(one.real) == std::bit_cast<uint64_t>(other.real);
    case Type::Bool:
      return one.flag == other.flag;
    case Type::StringMap:
      return false;
  }
  return false;
}

}  // namespace mixer_client
