// The text of a pattern, piece by piece; what in it stands for characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mixer_client/char_set.h"

namespace mixer_client {

/// After a failure, the text is at its end, and what is read is nothing.
class PatternText {
 public:
  explicit PatternText(std::string_view text) : text_(text) {}

  bool is_at_end() const { return at_ == text_.size(); }
  bool takes(std::string_view token);
  /// What is before a token, and takes that, too; nothing when there is no such token.
  std::optional<std::string_view> take_until(std::string_view token);
  /// One character as it stands there.
  uint32_t character();
  /// What a backslash means that was taken; not those of classes.
  uint32_t escaped();
  /// `\d` and its like, if one comes.
  std::optional<CharRanges> perl_class(bool ignores_case);
  /// A class of which `[` was taken.
  CharRanges bracket_class(bool ignores_case);
  /// `{2}`, `{2,}` (a `most` of -1) or `{2,3}`, if one comes.
  struct Bounds {
    int32_t least;
    int32_t most;
  };
  std::optional<Bounds> bounds();
  /// A set with both cases of its letters, if that is wanted.
  CharRanges folded(CharRanges ranges, bool ignores_case);

  /// Remembers the first reason, and how far it had come then.
  void fail(std::string_view reason);
  bool has_failed() const { return !why_.empty(); }
  const std::string& why() const { return why_; }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  bool is_digit(uint32_t base) const;
  std::optional<int32_t> number();
  uint32_t octal(uint32_t first);
  uint32_t hexadecimal();
  uint32_t hexadecimal_in_braces();
  std::optional<CharRanges> posix_class(bool ignores_case);
  CharRanges member(bool ignores_case);
  uint32_t class_character();

  std::string_view text_;
  size_t at_ = 0;
  std::string why_;
};

}  // namespace mixer_client
