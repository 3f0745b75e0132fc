#include "policy_filter/verify_code.h"

#include <cstring>

#include "policy_filter/operand_count.h"

namespace policy {
namespace {

constexpr uint32_t kRelationCount = 6, kFirstOrder = 2;

// What stands behind each opcode: a constant, attribute, target, automaton, relation or type.
constexpr const char* kOperands[kOpCount] = {"c", "a", "at", "ac", "act", "",  "t", "t", "t",
                                             "t", "t", "",   "",   "ry",  "y", "",  "d", "",
                                             "",  "",  "",   "",   "",    "y", ""};

// Walks the code once, with the types that are on the stack. Since jumps only go forward, all that
// lead to a place are known when it is reached.
class Walk {
 public:
  Walk(const Program& program, const Code& code, base::Arena& scratch)
      : program_(program), code_(code), scratch_(scratch) {
    stack_ = types();
    auto size = (code.size() + 1) * sizeof(Stack);
    arrivals_ = static_cast<Stack*>(scratch.allocate(size));
    std::memset(static_cast<void*>(arrivals_), 0, size);
  }

  Verified run() {
    while (at_ < code_.size() && why_.empty()) step();
    arrive();
    if (is_reached_ && depth_ != 1) fail("code that does not leave one value");
    return {why_, is_reached_ && depth_ == 1 ? stack_[0] : Type::Any};
  }

 private:
  struct Stack {
    Type* types;  // null where no jump leads
    uint32_t depth;
  };

  Type* types() { return static_cast<Type*>(scratch_.allocate(program_.stack + 1)); }

  void step() {
    arrive();
    if (code_[at_] >= kOpCount) return fail("unknown opcode");
    auto op = static_cast<Op>(code_[at_++]);
    operands_ = code_.begin() + at_;
    for (const char* kind = kOperands[static_cast<uint32_t>(op)]; *kind != 0; ++kind) {
      if (!is_operand(*kind)) return;
    }
    if (is_reached_) carry_out(op);
  }

  // What jumps have come here must agree with what comes from before.
  void arrive() {
    auto& arrival = arrivals_[at_];
    if (arrival.types == nullptr) return;
    if (!is_reached_) {
      is_reached_ = true;
      depth_ = arrival.depth;
      std::memcpy(stack_, arrival.types, depth_);
    } else {
      meet(arrival);
    }
  }

  void meet(Stack& other) {
    bool is_same = other.depth == depth_;
    for (uint32_t i = 0; i < depth_ && is_same; ++i) {
      is_same = agree(stack_[i], other.types[i]);
      other.types[i] = stack_[i];
    }
    if (!is_same) fail("a jump with another stack");
  }

  bool is_operand(char kind) {
    if (at_ >= code_.size())
      fail("code that lacks an operand");
    else if (arrivals_[at_].types != nullptr)
      fail("a jump into the middle");
    else if (!is_in_range(kind, code_[at_++]))
      fail("an operand out of range");
    return why_.empty();
  }

  bool is_in_range(char kind, uint32_t number) const {
    switch (kind) {
      case 'c':
        return number < program_.constants.size();
      case 'a':
        return number < program_.attributes.size();
      case 'd':
        return number < program_.automata.size();
      case 'r':
        return number < kRelationCount;
      case 'y':
        return number < static_cast<uint32_t>(Kind::Map);
      default:
        return true;
    }
  }

  void carry_out(Op op) {
    switch (op) {
      case Op::Const:
        return push(type_of(program_.constants[operands_[0]].kind));
      case Op::Attr:
        return push(attribute());
      case Op::AttrOr:
        jump(operands_[1]);
        return push(attribute());
      case Op::Entry:
      case Op::EntryOr:
        need(Type::Map, attribute());
        need(Type::Text, type_of(program_.constants[operands_[1]].kind));
        if (op == Op::EntryOr) jump(operands_[2]);
        return push(Type::Text);
      case Op::Index:
      case Op::IndexOr:
        pop(Type::Text);
        pop(Type::Map);
        if (op == Op::IndexOr) jump(operands_[0]);
        return push(Type::Text);
      case Op::Unless:
        pop(Type::Bool);
        return jump(operands_[0]);
      case Op::And:
      case Op::Or:
        need(Type::Bool, pop(Type::Any));
        push(Type::Bool);
        jump(operands_[0]);
        pop(Type::Any);
        return;
      case Op::Jump:
        jump(operands_[0]);
        [[fallthrough]];
      case Op::Fail:
        is_reached_ = false;
        return;
      default:
        return operate(op);
    }
  }

  void operate(Op op) {
    switch (op) {
      case Op::Pop:
        pop(Type::Any);
        return;
      case Op::Select: {
        auto type = pop(Type::Any);
        type = pop(type);
        pop(Type::Bool);
        return push(type);
      }
      case Op::Compare:
        return compare(type_of(static_cast<Kind>(operands_[1])));
      case Op::Add: {
        auto type = type_of(static_cast<Kind>(operands_[0]));
        if (type == Type::Bool || type == Type::Address) fail("a type that has no sum");
        pop(type);
        pop(type);
        return push(type);
      }
      case Op::Match:
      case Op::StartsWith:
      case Op::EndsWith:
        pop(Type::Text);
        [[fallthrough]];
      case Op::Matches:
        pop(Type::Text);
        return push(Type::Bool);
      case Op::Text:
        pop(type_of(static_cast<Kind>(operands_[0])));
        return push(Type::Text);
      default:
        pop(Type::Text);
        return push(op == Op::ToLower ? Type::Text : op == Op::Ip ? Type::Address : Type::Number);
    }
  }

  void compare(Type type) {
    bool has_order = type != Type::Bool && type != Type::Address;
    if (operands_[0] >= kFirstOrder && !has_order) fail("a type that has no order");
    pop(type);
    pop(type);
    push(Type::Bool);
  }

  Type attribute() const { return type_of(program_, program_.attributes[operands_[0]]); }

  void jump(uint32_t target) {
    if (target < at_ || target > code_.size()) return fail("a jump that does not go forward");
    auto& arrival = arrivals_[target];
    if (arrival.types != nullptr) return meet(arrival);
    arrival = {types(), depth_};
    std::memcpy(arrival.types, stack_, depth_);
  }

  void push(Type type) {
    if (depth_ >= program_.stack) return fail("code that needs a deeper stack");
    stack_[depth_++] = type;
  }

  Type pop(Type wanted) {
    if (depth_ == 0) {
      fail("code that pops too much");
      return wanted;
    }
    return need(wanted, stack_[--depth_]);
  }

  // The type that they agree on.
  Type need(Type wanted, Type found) {
    if (!agree(wanted, found)) fail(name_of(found), " where ", name_of(wanted), " is needed");
    return wanted;
  }

  [[gnu::noinline]] void fail(std::string_view why, std::string_view more = {},
                              std::string_view what = {}, std::string_view end = {}) {
    if (why_.empty()) why_.append(why).append(more).append(what).append(end);
  }

  const Program& program_;
  const Code& code_;
  base::Arena& scratch_;
  Type* stack_;
  Stack* arrivals_;  // at each index of the code
  const uint32_t* operands_ = nullptr;
  uint32_t depth_ = 0;
  uint32_t at_ = 0;
  bool is_reached_ = true;
  std::string why_;
};

}  // namespace

Verified verify_code(const Program& program, const Code& code, base::Arena& scratch) {
  scratch.reset();
  return Walk(program, code, scratch).run();
}

}  // namespace policy
