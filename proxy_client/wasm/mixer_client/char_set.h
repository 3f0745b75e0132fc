// Sets of characters, as a pattern names them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mixer_client {

inline constexpr uint32_t kLastCharacter = 0x10ffff;

/// Code points; both ends belong to a range.
struct CharRange {
  uint32_t first;
  uint32_t last;
};

using CharRanges = std::vector<CharRange>;

/// Adds the upper and lower case forms of the ASCII letters among them. Two characters beyond ASCII
/// are such forms: U+017F of `s`, and the sign U+212A of `k`.
void fold(CharRanges& ranges);
/// All other characters.
CharRanges others(CharRanges ranges);
/// Those of `\d`, `\s`, `\w`, by the small letter; empty for other letters.
CharRanges perl_class(char letter);
/// Those of `[:alpha:]` and its like, by the name; empty for other names.
CharRanges posix_class(std::string_view name);

/// A set that is only asked any more.
class CharSet {
 public:
  explicit CharSet(CharRanges ranges);

  bool has(uint32_t code) const {
    return code < 128 ? ascii_[code / 64] >> code % 64 & 1 : has_beyond(code);
  }

 private:
  bool has_beyond(uint32_t code) const;

  uint64_t ascii_[2] = {0, 0};
  CharRanges beyond_;  // ASCII; in order and apart
};

}  // namespace mixer_client
