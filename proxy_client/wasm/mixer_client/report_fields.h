// The fields of a ReportRequest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mixer_client/proto.h"

namespace mixer_client::report_fields {

inline constexpr uint32_t kAttributes = 1;
inline constexpr uint32_t kDefaultWords = 2;
inline constexpr uint32_t kWordCount = 3;
inline constexpr uint32_t kSemantics = 4;
/// The value of kSemantics that says: each set of attributes stands for itself.
inline constexpr uint32_t kIndependent = 1;

/// Writes what comes behind the sets of attributes; `own_words` are fields already.
inline void finish(std::string& request, std::string_view own_words, uint32_t word_count) {
  request.append(own_words);
  proto::Writer to(request);
  if (word_count != 0) to.varint(kWordCount, word_count);
  to.varint(kSemantics, kIndependent);
}

}  // namespace mixer_client::report_fields
