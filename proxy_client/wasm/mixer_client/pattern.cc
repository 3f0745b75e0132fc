#include "mixer_client/pattern.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "mixer_client/pattern_program.h"
#include "mixer_client/pattern_reader.h"

namespace mixer_client {
namespace {

using Op = Instruction::Op;

constexpr uint32_t kNone = UINT32_MAX;  // before the first character and behind the last

bool is_word(uint32_t code) {
  return code == '_' || (code >= '0' && code <= '9') ||
         ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

// What a place between two characters is.
uint8_t place_between(uint32_t last, uint32_t next) {
  uint8_t place = is_word(last) != is_word(next) ? kWordEdge : kNoWordEdge;
  if (last == kNone) place |= kTextBegins | kLineBegins;
  if (last == '\n') place |= kLineBegins;
  if (next == kNone) place |= kTextEnds | kLineEnds;
  if (next == '\n') place |= kLineEnds;
  return place;
}

}  // namespace

// Where a text can have come to in the program.
//
// `pending_` holds where it is before what takes no character was followed, `ready_` the
// instructions that take the next one. Both have room for the whole program, as a mark keeps each
// instruction from being noted twice at one place of the text.
struct Pattern::Impl {
  PatternProgram program;
  std::vector<uint16_t> pending, ready;
  std::vector<size_t> marks;  // the place of the text at which the instruction was noted last
  size_t pending_count = 0, ready_count = 0;

  void make_room() {
    pending.resize(program.size());
    ready.resize(program.size());
    marks.resize(program.size());
  }

  bool matches(std::string_view text) {
    std::fill(marks.begin(), marks.end(), 0);
    pending_count = 0;
    uint32_t last = kNone;
    size_t place = 1;
    note(0, place);
    while (true) {
      auto next = text.empty() ? base::Character{kNone, 0, true} : base::decode_utf8(text);
      if (!next.is_wellformed) return false;
      bool is_matched = follow(place, place_between(last, next.code));
      if (text.empty()) return is_matched;
      ++place;
      take(next.code, place);
      if (pending_count == 0) return false;
      last = next.code;
      text.remove_prefix(next.size);
    }
  }

  void note(size_t at, size_t place) {
    if (marks[at] == place) return;
    marks[at] = place;
    pending[pending_count++] = static_cast<uint16_t>(at);
  }

  // Goes to all instructions that take a character; whether it comes to the end of the program.
  bool follow(size_t place, uint8_t what) {
    bool is_matched = false;
    ready_count = 0;
    while (pending_count > 0) {
      size_t at = pending[--pending_count];
      auto [op, argument] = program[at];
      if (op == Op::Character || op == Op::Set) ready[ready_count++] = static_cast<uint16_t>(at);
      if (op == Op::Match) is_matched = true;
      if (op == Op::Jump || op == Op::Fork) note(at + static_cast<size_t>(argument), place);
      if (op == Op::Fork || (op == Op::Assert && (what & argument))) note(at + 1, place);
    }
    return is_matched;
  }

  void take(uint32_t code, size_t place) {
    for (size_t i = 0; i < ready_count; ++i) {
      auto [op, argument] = program[ready[i]];
      bool takes = op == Op::Set ? program.set(static_cast<size_t>(argument)).has(code)
                                 : static_cast<uint32_t>(argument) == code;
      if (takes) note(ready[i] + 1u, place);
    }
  }
};

Pattern::Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pattern::~Pattern() = default;

std::shared_ptr<const Pattern> Pattern::compile(std::string_view text, std::string& why) {
  auto impl = std::make_unique<Impl>();
  why = read_pattern(text, impl->program);
  if (!why.empty()) return nullptr;
  impl->make_room();
  return std::shared_ptr<const Pattern>(new Pattern(std::move(impl)));
}

bool Pattern::matches(std::string_view text) const { return impl_->matches(text); }

}  // namespace mixer_client
