// Opcodes that make values of values.
#include <algorithm>
#include <cstring>

#include "base/utf8.h"
#include "policy_filter/address.h"
#include "policy_filter/machine.h"
#include "policy_filter/number.h"

namespace policy {

using base::decode_utf8;
using base::encode_utf8;
namespace {

constexpr size_t kAddressSize = 16;

enum class Relation : uint32_t { Equal, Unequal, Less, AtMost, Greater, AtLeast };

template <class Ordered>
bool relate(Relation relation, const Ordered& left, const Ordered& right) {
  switch (relation) {
    case Relation::Equal:
      return left == right;
    case Relation::Unequal:
      return left != right;
    case Relation::Less:
      return left < right;
    case Relation::AtMost:
      return left <= right;
    case Relation::Greater:
      return left > right;
    case Relation::AtLeast:
      return left >= right;
  }
  return false;
}

bool compare(Relation relation, Kind kind, const Value& left, const Value& right) {
  switch (kind) {
    case Kind::Text:
      return relate(relation, left.text, right.text);
    case Kind::Address:
      return relate(relation, shortest_address(left.text), shortest_address(right.text));
    case Kind::Bool:
      return relate(relation, left.flag, right.flag);
    case Kind::Double:
      // Equal if their bits are; those are where a number would be.
      if (relation > Relation::Unequal) return relate(relation, left.real, right.real);
      [[fallthrough]];
    default:
      return relate(relation, left.number, right.number);
  }
}

bool matches(std::string_view text, std::string_view pattern) {
  if (pattern.ends_with('*')) return text.starts_with(pattern.substr(0, pattern.size() - 1));
  if (pattern.starts_with('*')) return text.ends_with(pattern.substr(1));
  return text == pattern;
}

Value sum(Kind kind, const Value& left, const Value& right, Arena& arena) {
  if (kind == Kind::Text) return Value::of(arena.join(left.text, right.text));
  if (kind == Kind::Double) return Value::of_real(left.real + right.real);
  auto wrapped = static_cast<uint64_t>(left.number) + static_cast<uint64_t>(right.number);
  return Value::of_number(static_cast<int64_t>(wrapped));
}

uint32_t lower_of(const Items<LowerRow>& rows, int64_t code) {
  auto* row =
      std::upper_bound(rows.begin(), rows.end(), code,
                       [](int64_t wanted, const LowerRow& it) { return wanted < it.first; });
  if (row == rows.begin()) return static_cast<uint32_t>(code);
  --row;
  bool is_in = code <= row->last && (code - row->first) % row->step == 0;
  return static_cast<uint32_t>(is_in ? code + row->delta : code);
}

}  // namespace

bool Machine::combine(Op op, const uint32_t* operands) {
  auto right = pop();
  auto& left = top_[-1];
  switch (op) {
    case Op::Index: {
      auto* entry = left.map->find(right.text);
      left = Value::of(entry == nullptr ? std::string_view("") : entry->value);
      return true;
    }
    case Op::Compare:
      left = Value::of_flag(
          compare(static_cast<Relation>(operands[0]), static_cast<Kind>(operands[1]), left, right));
      return true;
    case Op::Add:
      left = sum(static_cast<Kind>(operands[0]), left, right, arena_);
      return true;
    case Op::Match:
      left = Value::of_flag(matches(left.text, right.text));
      return true;
    case Op::StartsWith:
      left = Value::of_flag(left.text.starts_with(right.text));
      return true;
    default:
      left = Value::of_flag(left.text.ends_with(right.text));
      return true;
  }
}

bool Machine::convert(Op op, const uint32_t* operands) {
  auto& value = top_[-1];
  switch (op) {
    case Op::Matches:
      value = Value::of_flag(finds(program_.automata[operands[0]], value.text));
      return true;
    case Op::ToLower:
      lower(value);
      return true;
    case Op::Size:
      value = Value::of_number(static_cast<int64_t>(value.text.size()));
      return true;
    case Op::Ip:
      return parse_ip(value);
    case Op::Time: {
      auto time = parse_time(value.text);
      if (time) value = Value::of_number(*time);
      return time.has_value();
    }
    default:
      return to_text(static_cast<Kind>(operands[0]), value);
  }
}

bool Machine::parse_ip(Value& value) {
  char* to = arena_.bytes(kAddressSize);
  if (to == nullptr || !parse_address(value.text, to)) return false;
  value = Value::of(std::string_view(to, kAddressSize));
  return true;
}

bool Machine::to_text(Kind kind, Value& value) {
  if (kind == Kind::Text) return true;
  char* to = arena_.bytes(kind == Kind::Double ? kMaxDoubleText : kMaxAddressText);
  if (to == nullptr) return false;
  value = Value::of(std::string_view(to, value_text(kind, value, to)));
  return true;
}

void Machine::lower(Value& value) {
  constexpr size_t kMaxGrowth = 4;
  auto rest = value.text;
  char* to = arena_.bytes(rest.size() * kMaxGrowth);
  size_t size = 0;
  while (!rest.empty() && to != nullptr) {
    auto character = decode_utf8(rest);
    size += encode_utf8(lower_of(program_.lower, character.code), to + size);
    rest.remove_prefix(character.size);
  }
  value = Value::of(std::string_view(to, size));
}

bool finds(const Automaton& automaton, std::string_view text) {
  constexpr uint32_t kLost = 0, kWon = 1;
  uint32_t state = automaton.start;
  for (char c : text) {
    if (state == kLost || state == kWon) break;
    state =
        automaton.next[state * automaton.class_count + automaton.classes[static_cast<uint8_t>(c)]];
  }
  return state == kWon || automaton.is_final[state] != 0;
}

size_t value_text(Kind kind, const Value& value, char* to) {
  switch (kind) {
    case Kind::Bool:
      return std::string_view(value.flag ? "true" : "false").copy(to, kMaxNumberText);
    case Kind::Double:
      return double_text(value.real, to);
    case Kind::Address:
      return address_text(value.text, to);
    case Kind::Time:
      return time_text(value.number, to);
    case Kind::Duration:
      return duration_text(value.number, to);
    default:
      return signed_decimal(value.number, to);
  }
}

}  // namespace policy
