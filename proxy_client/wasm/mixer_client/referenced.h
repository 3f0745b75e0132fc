// What an answer was made from, as it stands in the answer's bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mixer_client/answer.h"

namespace mixer_client {

/// What may still be taken of an answer before it is too large.
struct Allowance {
  uint32_t references = kMaxReferences;
  size_t size = kMaxReferencedSize;
};

/// A ReferencedAttributes message, maybe in several parts. The words can stand behind the matches,
/// so they are resolved when all has been read.
class ReferencedMessage {
 public:
  /// Adds what is in these bytes, which must outlive this; false when they are no such message, or
  /// too large.
  bool read(std::string_view bytes);
  /// Nothing when more is referenced than is allowed.
  std::optional<ReferencedAttributes> resolve(Allowance& allowance) const;

 private:
  struct Match {
    int32_t name = 0;
    int32_t condition = 0;
    int32_t key = 0;
  };

  bool read_match(std::string_view bytes);
  std::optional<std::string_view> word(int32_t index) const;
  std::optional<Reference> reference(const Match& match) const;

  std::vector<std::string_view> words_;
  std::vector<Match> matches_;
};

}  // namespace mixer_client
