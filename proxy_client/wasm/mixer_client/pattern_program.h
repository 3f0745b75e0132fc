// What a pattern becomes: instructions for a machine that is in many places at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mixer_client/char_set.h"

namespace mixer_client {

struct Instruction {
  enum class Op : uint8_t {
    Character,  // takes the one of that code
    Set,        // takes one that is in the set of that index
    Fork,       // goes on behind it, and also that far from it
    Jump,       // goes on that far from it
    Assert,     // goes on behind it where this Place is
    Match,
  };

  Op op;
  int32_t argument = 0;
};

/// What can be asked of a place between characters, as bits.
enum Place : uint8_t {
  kTextBegins = 1,
  kTextEnds = 2,
  kLineBegins = 4,
  kLineEnds = 8,
  kWordEdge = 16,  // a word begins or ends: letters, digits and _ of ASCII
  kNoWordEdge = 32,
};

/// A program in the making. A part of it can be moved: distances are relative, and no way leads out
/// of a part but from its last instruction to what is behind it.
class PatternProgram {
 public:
  static constexpr size_t kMaxSize = 2000;

  size_t size() const { return code_.size(); }
  const Instruction& operator[](size_t at) const { return code_[at]; }
  const CharSet& set(size_t index) const { return sets_[index]; }
  /// From then on nothing is added.
  bool is_too_large() const { return is_too_large_; }

  void add(Instruction::Op op, uint32_t argument = 0);
  void add_set(CharRanges ranges);
  /// Takes the part from `at` to the end as often as this; without end when `most` is below 0.
  void repeat(size_t at, int32_t least, int32_t most);
  /// Takes one of the parts that start there, each of which ends where the next one starts.
  void choose(const std::vector<size_t>& starts);

 private:
  bool may_have(size_t size);
  void append(const std::vector<Instruction>& part);

  std::vector<Instruction> code_;
  std::vector<CharSet> sets_;
  bool is_too_large_ = false;
};

}  // namespace mixer_client
