// Attributes → the compressed form in which Check and Report carry them.
#pragma once

#include "mixer_client/bag.h"
#include "mixer_client/dictionary.h"
#include "mixer_client/proto.h"

namespace mixer_client {

/// The fields of a CompressedAttributes; all but the first are maps by the number of the name.
namespace compressed_fields {
inline constexpr uint32_t kWords = 1;
inline constexpr uint32_t kStrings = 2;
inline constexpr uint32_t kInt64s = 3;
inline constexpr uint32_t kDoubles = 4;
inline constexpr uint32_t kBools = 5;
inline constexpr uint32_t kTimestamps = 6;
inline constexpr uint32_t kDurations = 7;
inline constexpr uint32_t kBytes = 8;
inline constexpr uint32_t kStringMaps = 9;
}  // namespace compressed_fields

/// Writes all that a bag shows as fields of a CompressedAttributes, except its words.
void write_attributes(Bag& bag, Dictionary& words, proto::Writer& to);

}  // namespace mixer_client
