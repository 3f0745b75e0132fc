#include "policy_filter/machine.h"

#include <cstring>

#include "policy_filter/operand_count.h"

namespace policy {

Machine::Machine(Program& program) : program_(program), attributes_(program, arena_) {
  stack_ = static_cast<Value*>(program.arena.allocate(program.stack * sizeof(Value)));
  matches_ = static_cast<Match*>(program.arena.allocate(program.code.size() * sizeof(Match)));
}

void Machine::begin(Phase phase) {
  attributes_.begin(phase);
  std::memset(matches_, 0, program_.code.size() * sizeof(Match));
}

bool Machine::run(uint32_t code, Value& value) {
  auto& all = program_.code[code];
  top_ = stack_;
  const uint32_t* at = all.begin();
  const uint32_t* end = all.end();
  while (at != end) {
    auto op = static_cast<Op>(*at);
    at = step(op, at + 1, all.begin());
    if (at == nullptr) return false;
  }
  value = stack_[0];
  return true;
}

bool Machine::text(int32_t code, std::string_view& text) {
  Value value = Value::of("");
  if (code != kAlways && !run(static_cast<uint32_t>(code), value)) return false;
  text = value.text;
  return true;
}

bool Machine::holds(int32_t match) {
  if (match == kAlways) return true;
  auto& known = matches_[static_cast<uint32_t>(match)];
  if (known == Match::Unknown) {
    Value value;
    bool holds = run(static_cast<uint32_t>(match), value) && value.flag;
    known = holds ? Match::Yes : Match::No;
  }
  return known == Match::Yes;
}

bool Machine::evaluate(const Code& codes) {
  Value value;
  for (auto code : codes) {
    if (!run(code, value)) return false;
  }
  return true;
}

// Where it goes on; null when the code fails.
const uint32_t* Machine::step(Op op, const uint32_t* operands, const uint32_t* start) {
  const uint32_t* next = operands + kOperandCounts[static_cast<uint32_t>(op)];
  switch (op) {
    case Op::AttrOr:
      return maybe(attributes_.read(operands[0]), operands[1], next, start);
    case Op::EntryOr:
      return entry_or(operands, start);
    case Op::IndexOr:
      return index_or(operands, start);
    case Op::Jump:
      return start + operands[0];
    case Op::Unless:
      return pop().flag ? next : start + operands[0];
    case Op::And:
    case Op::Or:
      if (top_[-1].flag == (op == Op::Or)) return start + operands[0];
      pop();
      return next;
    default:
      return operate(op, operands) ? next : nullptr;
  }
}

const uint32_t* Machine::maybe(const Value* value, uint32_t target, const uint32_t* next,
                               const uint32_t* start) {
  if (value == nullptr) return start + target;
  push(*value);
  return next;
}

const uint32_t* Machine::entry_or(const uint32_t* operands, const uint32_t* start) {
  auto* map = attributes_.read(operands[0]);
  auto* entry =
      map == nullptr ? nullptr : map->map->find(program_.constants[operands[1]].value.text);
  if (entry == nullptr) return start + operands[2];
  push(Value::of(entry->value));
  return operands + 3;
}

const uint32_t* Machine::index_or(const uint32_t* operands, const uint32_t* start) {
  auto key = pop().text;
  auto* entry = pop().map->find(key);
  if (entry == nullptr) return start + operands[0];
  push(Value::of(entry->value));
  return operands + 1;
}

bool Machine::operate(Op op, const uint32_t* operands) {
  switch (op) {
    case Op::Const:
      push(program_.constants[operands[0]].value);
      return true;
    case Op::Attr: {
      auto* value = attributes_.read(operands[0]);
      if (value != nullptr) push(*value);
      return value != nullptr;
    }
    case Op::Entry:
      return entry(operands);
    case Op::Pop:
      pop();
      return true;
    case Op::Select: {
      auto other = pop(), chosen = pop();
      top_[-1] = top_[-1].flag ? chosen : other;
      return true;
    }
    case Op::Fail:
      return false;
    default:
      return op == Op::Matches || op >= Op::ToLower ? convert(op, operands) : combine(op, operands);
  }
}

bool Machine::entry(const uint32_t* operands) {
  auto* map = attributes_.read(operands[0]);
  if (map == nullptr) return false;
  auto* entry = map->map->find(program_.constants[operands[1]].value.text);
  push(Value::of(entry == nullptr ? std::string_view("") : entry->value));
  return true;
}

}  // namespace policy
