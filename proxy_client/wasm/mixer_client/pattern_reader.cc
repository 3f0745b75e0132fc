#include "mixer_client/pattern_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "mixer_client/pattern_text.h"

namespace mixer_client {
namespace {

using Op = Instruction::Op;

constexpr int32_t kMaxRepeat = 1000;  // RE2's own limit, also of repeats of repeats

struct Flags {
  bool ignores_case = false;
  bool dot_takes_newline = false;
  bool has_lines = false;
};

// A group that is not closed yet, or the whole pattern.
struct Group {
  std::vector<size_t> branches;  // where each starts
  Flags flags_around;
  int32_t copy_count = 1;  // how often repeats copy what is in there, at most
  // What was read last, which an operator repeats.
  struct Atom {
    size_t start;
    int32_t copy_count;
  };
  std::optional<Atom> atom;
};

class Reader {
 public:
  Reader(std::string_view text, PatternProgram& program) : text_(text), program_(program) {}

  std::string run() {
    open(flags_);
    while (!text_.is_at_end()) {
      was_repeated_ = std::exchange(is_repeat_, false);
      read_next();
      if (program_.is_too_large()) text_.fail("is too large");
    }
    if (groups_.size() > 1) text_.fail("missing )");
    program_.choose(groups_[0].branches);
    program_.add(Op::Match);
    if (program_.is_too_large()) text_.fail("is too large");
    return text_.why();
  }

 private:
  Group& group() { return groups_.back(); }

  void read_next() {
    if (text_.takes("(")) return read_group();
    if (text_.takes(")")) return close();
    if (text_.takes("|")) return begin_branch();
    if (text_.takes("*")) return repeat(0, -1);
    if (text_.takes("+")) return repeat(1, -1);
    if (text_.takes("?")) return repeat(0, 1);
    if (auto bounds = text_.bounds()) return repeat(bounds->least, bounds->most);
    if (text_.takes("\\Q")) return read_literals();
    begin_atom();
    read_atom();
  }

  void begin_atom() { group().atom = {program_.size(), 1}; }

  void read_atom() {
    if (text_.takes("[")) return program_.add_set(text_.bracket_class(flags_.ignores_case));
    if (text_.takes(".")) return program_.add_set(dot());
    if (text_.takes("^")) return add_assert(flags_.has_lines ? kLineBegins : kTextBegins);
    if (text_.takes("$")) return add_assert(flags_.has_lines ? kLineEnds : kTextEnds);
    if (text_.takes("\\A")) return add_assert(kTextBegins);
    if (text_.takes("\\z")) return add_assert(kTextEnds);
    if (text_.takes("\\b")) return add_assert(kWordEdge);
    if (text_.takes("\\B")) return add_assert(kNoWordEdge);
    if (text_.takes("\\C")) return text_.fail("\\C cannot be run");
    if (auto ranges = text_.perl_class(flags_.ignores_case)) return program_.add_set(*ranges);
    add_literal(text_.takes("\\") ? text_.escaped() : text_.character());
  }

  void add_assert(Place place) { program_.add(Op::Assert, place); }

  CharRanges dot() const {
    if (flags_.dot_takes_newline) return {{0, kLastCharacter}};
    return {{0, '\n' - 1}, {'\n' + 1, kLastCharacter}};
  }

  void add_literal(uint32_t code) {
    auto ranges = text_.folded({{code, code}}, flags_.ignores_case);
    if (ranges.size() == 1) {
      program_.add(Op::Character, code);
    } else {
      program_.add_set(std::move(ranges));
    }
  }

  void read_literals() {
    while (!text_.is_at_end() && !text_.takes("\\E")) {
      begin_atom();
      add_literal(text_.character());
    }
  }

  void repeat(int32_t least, int32_t most) {
    text_.takes("?");
    if (was_repeated_) return text_.fail("repeats a repetition");
    if (std::max(least, most) > kMaxRepeat || (most >= 0 && most < least)) {
      return text_.fail("cannot repeat so often");
    }
    auto& atom = group().atom;
    if (!atom) return text_.fail("nothing to repeat");
    program_.repeat(atom->start, least, most);
    count_copies(*atom, least, most);
    is_repeat_ = true;
  }

  // For what RE2 refuses.
  void count_copies(Group::Atom& atom, int32_t least, int32_t most) {
    atom.copy_count *= std::max(most < 0 ? least : most, 1);
    if (atom.copy_count > kMaxRepeat && std::max(least, most) >= 2) {
      text_.fail("cannot repeat so often");
    }
    group().copy_count = std::max(group().copy_count, atom.copy_count);
  }

  void read_group() {
    if (!text_.takes("?")) return open(flags_);
    if (text_.takes("P<") || text_.takes("<")) return read_name();
    read_flags();
  }

  void read_name() {
    auto name = text_.take_until(">");
    bool is_valid =
        name && !name->empty() && std::all_of(name->begin(), name->end(), [](char c) {
          return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        });
    if (!is_valid) return text_.fail("no name of a group");
    open(flags_);
  }

  // Reads flags for the rest of the group around, or for a new one.
  void read_flags() {
    auto flags = flags_;
    bool turns_on = true, needs_flag = false;
    while (true) {
      auto code = text_.character();
      if (text_.has_failed()) return;
      if (!needs_flag && (code == ':' || code == ')')) {
        if (code == ':') open(flags);
        flags_ = flags;
        return;
      }
      if (code == '-' && turns_on) {
        turns_on = false;
        needs_flag = true;
      } else if (set_flag(flags, code, turns_on)) {
        needs_flag = false;
      } else {
        return text_.fail("unknown kind of group");
      }
    }
  }

  static bool set_flag(Flags& flags, uint32_t code, bool value) {
    if (code == 'i') flags.ignores_case = value;
    if (code == 'm') flags.has_lines = value;
    if (code == 's') flags.dot_takes_newline = value;
    return code == 'i' || code == 'm' || code == 's' || code == 'U';
  }

  void open(const Flags& flags) {
    groups_.push_back({{program_.size()}, flags_, 1, std::nullopt});
    flags_ = flags;
  }

  void begin_branch() {
    group().branches.push_back(program_.size());
    group().atom.reset();
  }

  void close() {
    if (groups_.size() == 1) return text_.fail("unexpected )");
    auto closed = std::move(group());
    groups_.pop_back();
    program_.choose(closed.branches);
    flags_ = closed.flags_around;
    group().atom = {closed.branches[0], closed.copy_count};
    group().copy_count = std::max(group().copy_count, closed.copy_count);
  }

  PatternText text_;
  PatternProgram& program_;
  std::vector<Group> groups_;
  Flags flags_;
  bool is_repeat_ = false, was_repeated_ = false;
};

}  // namespace

std::string read_pattern(std::string_view text, PatternProgram& program) {
  return Reader(text, program).run();
}

}  // namespace mixer_client
