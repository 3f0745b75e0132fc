// Regular expressions in RE2's syntax that describe whole strings.
//
// A pattern is read once into a program for a machine that is in many places at once (K. Thompson):
// it goes through a text once, without a step back, whatever the pattern.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mixer_client {

class Pattern {
 public:
  /// Null for what RE2 refuses, and for what this can't do (see pattern_reader.h); `why` then tells
  /// the reason, and where: "at 5: missing )".
  static std::shared_ptr<const Pattern> compile(std::string_view text, std::string& why);
  ~Pattern();

  /// Whether it describes all of a text; false for one that is no UTF-8. Allocates nothing. Not for
  /// several threads at once.
  bool matches(std::string_view text) const;

 private:
  struct Impl;

  explicit Pattern(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace mixer_client
