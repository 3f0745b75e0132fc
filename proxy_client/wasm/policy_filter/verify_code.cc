#include "policy_filter/verify_code.h"

#include <vector>

namespace policy {
namespace {

enum class Operand : uint8_t { None, Constant, TextConstant, Attribute, Target, Automaton, Relation, Kind };

struct Shape {
  Operand operands[3];
  int pops;    // when it goes on
  int pushes;
  int jumps;   // the change of the stack when it jumps
};

using enum Operand;
constexpr Shape kShapes[kOpCount] = {
    {{Constant}, 0, 1, 0},                       // CONST
    {{Attribute}, 0, 1, 0},                      // ATTR
    {{Attribute, Target}, 0, 1, 0},              // ATTR_OR
    {{Attribute, TextConstant}, 0, 1, 0},        // ENTRY
    {{Attribute, TextConstant, Target}, 0, 1, 0},  // ENTRY_OR
    {{None}, 2, 1, 0},                           // INDEX
    {{Target}, 2, 1, -2},                        // INDEX_OR
    {{Target}, 0, 0, 0},                         // JUMP
    {{Target}, 1, 0, -1},                        // UNLESS
    {{Target}, 1, 0, 0},                         // AND
    {{Target}, 1, 0, 0},                         // OR
    {{None}, 1, 0, 0},                           // POP
    {{None}, 3, 1, 0},                           // SELECT
    {{Relation, Kind}, 2, 1, 0},                 // COMPARE
    {{Kind}, 2, 1, 0},                           // ADD
    {{None}, 2, 1, 0},                           // MATCH
    {{Automaton}, 1, 1, 0},                      // MATCHES
    {{None}, 2, 1, 0},                           // STARTS_WITH
    {{None}, 2, 1, 0},                           // ENDS_WITH
    {{None}, 1, 1, 0},                           // TO_LOWER
    {{None}, 1, 1, 0},                           // SIZE
    {{None}, 1, 1, 0},                           // IP
    {{None}, 1, 1, 0},                           // TIME
    {{Kind}, 1, 1, 0},                           // TEXT
    {{None}, 0, 0, 0},                           // FAIL
};
constexpr int kUnknown = -1;

bool is_valid(const Program& program, Operand operand, uint32_t number) {
  switch (operand) {
    case Constant:
      return number < program.constants.size();
    case TextConstant:
      return number < program.constants.size() &&
             program.constant_kinds[number] == policy::Kind::Text;
    case Attribute:
      return number < program.attributes.size();
    case Automaton:
      return number < program.automata.size();
    case Relation:
      return number < 6;
    case Operand::Kind:
      return number < kKindCount && number != static_cast<uint32_t>(policy::Kind::Map);
    default:
      return true;
  }
}

class Verifier {
 public:
  Verifier(const Program& program, const Code& code)
      : program_(program), code_(code), depths_(code.size() + 1, kUnknown), at_(0) {}

  const char* run() {
    while (at_ < code_.size() && why_ == nullptr) step();
    if (why_ != nullptr) return why_;
    arrive(code_.size());
    return depth_ == kUnknown || depth_ == 1 ? why_ : "code that does not leave one value";
  }

 private:
  void step() {
    arrive(at_);
    if (code_[at_] >= kOpCount) return fail("unknown opcode");
    auto op = static_cast<Op>(code_[at_]);
    auto& shape = kShapes[code_[at_++]];
    for (auto operand : shape.operands) {
      if (operand != None) take(operand, shape);
    }
    if (depth_ != kUnknown) move(op, shape);
  }

  // What jumps have come here must agree with what comes from before.
  void arrive(size_t at) {
    if (next_target_ < at) fail("a jump into the middle");
    if (depths_[at] == kUnknown) return;
    if (depth_ != kUnknown && depth_ != depths_[at]) fail("a jump with another stack");
    depth_ = depths_[at];
    forget_target(at);
  }

  void take(Operand operand, const Shape& shape) {
    if (at_ >= code_.size()) return fail("code that lacks an operand");
    auto number = code_[at_++];
    if (!is_valid(program_, operand, number)) return fail("an operand out of range");
    if (operand == Target) jump(number, shape);
  }

  void jump(uint32_t target, const Shape& shape) {
    if (target < at_ || target > code_.size()) return fail("a jump that does not go forward");
    if (depth_ == kUnknown) return;
    int depth = depth_ + shape.jumps;
    if (depths_[target] != kUnknown && depths_[target] != depth) fail("a jump with another stack");
    depths_[target] = depth;
    if (target < next_target_) next_target_ = target;
  }

  void forget_target(size_t at) {
    for (next_target_ = at + 1; next_target_ < depths_.size(); ++next_target_) {
      if (depths_[next_target_] != kUnknown) return;
    }
    next_target_ = SIZE_MAX;
  }

  void move(Op op, const Shape& shape) {
    if (depth_ < shape.pops) return fail("code that pops too much");
    depth_ += shape.pushes - shape.pops;
    if (depth_ > static_cast<int>(program_.stack)) return fail("code that needs a deeper stack");
    if (op == Op::Jump || op == Op::Fail) depth_ = kUnknown;
  }

  void fail(const char* why) {
    if (why_ == nullptr) why_ = why;
  }

  const Program& program_;
  const Code& code_;
  std::vector<int> depths_;  // at the targets of jumps
  size_t at_;
  size_t next_target_ = SIZE_MAX;
  int depth_ = 0;  // unknown where nothing leads from before
  const char* why_ = nullptr;
};

}  // namespace

const char* verify_code(const Program& program, const Code& code) {
  return Verifier(program, code).run();
}

}  // namespace policy
