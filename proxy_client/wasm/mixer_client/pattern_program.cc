#include "mixer_client/pattern_program.h"

#include <algorithm>

namespace mixer_client {

using Op = Instruction::Op;

bool PatternProgram::may_have(size_t size) {
  is_too_large_ = is_too_large_ || size > kMaxSize;
  return !is_too_large_;
}

void PatternProgram::add(Op op, uint32_t argument) {
  if (may_have(size() + 1)) code_.push_back({op, static_cast<int32_t>(argument)});
}

void PatternProgram::add_set(CharRanges ranges) {
  if (!may_have(size() + 1)) return;
  add(Op::Set, static_cast<uint32_t>(sets_.size()));
  sets_.emplace_back(std::move(ranges));
}

void PatternProgram::append(const std::vector<Instruction>& part) {
  code_.insert(code_.end(), part.begin(), part.end());
}

void PatternProgram::repeat(size_t at, int32_t least, int32_t most) {
  std::vector<Instruction> part(code_.begin() + static_cast<ptrdiff_t>(at), code_.end());
  auto size = static_cast<int32_t>(part.size());
  auto copy_count = static_cast<size_t>(std::max({least, most, most < 0 ? 1 : 0}));
  auto fork_count = static_cast<size_t>(most < 0 ? 2 : most - least);  // with a jump
  if (!may_have(at + copy_count * part.size() + fork_count)) return;
  code_.resize(at);
  for (int32_t i = 0; i < least; ++i) append(part);
  if (most < 0 && least > 0) {
    code_.push_back({Op::Fork, -size});
  } else if (most < 0) {
    code_.push_back({Op::Fork, size + 2});
    append(part);
    code_.push_back({Op::Jump, -size - 1});
  }
  for (int32_t i = least; i < most; ++i) {
    code_.push_back({Op::Fork, size + 1});
    append(part);
  }
}

void PatternProgram::choose(const std::vector<size_t>& starts) {
  if (!may_have(size() + 2 * (starts.size() - 1))) return;
  for (size_t i = starts.size() - 1; i > 0; --i) {
    auto start = starts[i - 1], end = starts[i];
    auto rest = static_cast<int32_t>(code_.size() - end);
    auto size = static_cast<int32_t>(end - start);
    code_.insert(code_.begin() + static_cast<ptrdiff_t>(end), {Op::Jump, rest + 1});
    code_.insert(code_.begin() + static_cast<ptrdiff_t>(start), {Op::Fork, size + 2});
  }
}

}  // namespace mixer_client
