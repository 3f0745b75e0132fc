// Runs the code of a program.
#pragma once

#include "policy_filter/attributes.h"

namespace policy {

class Machine {
 public:
  /// Takes the memory that every run needs from the program's arena, once.
  explicit Machine(Program& program);

  /// Forgets the last request.
  void begin(Phase phase);
  /// Gives the value of code; false if it has none.
  bool run(uint32_t code, Value& value);
  /// The text that code gives, empty for kAlways; false if it has none.
  bool text(int32_t code, std::string_view& text);
  /// Whether a match holds; one that fails does not.
  bool holds(int32_t match);
  /// Runs code whose values nobody wants; false if one has none.
  bool evaluate(const Code& codes);
  /// Whether something went wrong that is not for the program to know, as no memory.
  bool has_failed() const { return attributes_.has_failed(); }
  Arena& arena() { return arena_; }

 private:
  enum class Match : uint8_t { Unknown, No, Yes };

  const uint32_t* step(Op op, const uint32_t* operands, const uint32_t* start);
  const uint32_t* maybe(const Value* value, uint32_t target, const uint32_t* next,
                        const uint32_t* start);
  const uint32_t* entry_or(const uint32_t* operands, const uint32_t* start);
  const uint32_t* index_or(const uint32_t* operands, const uint32_t* start);
  bool operate(Op op, const uint32_t* operands);
  bool entry(const uint32_t* operands);
  bool combine(Op op, const uint32_t* operands);
  bool convert(Op op, const uint32_t* operands);
  bool parse_ip(Value& value);
  bool to_text(Kind kind, Value& value);
  void lower(Value& value);
  void push(Value value) { *top_++ = value; }
  Value pop() { return *--top_; }

  const Program& program_;
  Arena arena_;
  Attributes attributes_;
  Value* stack_;
  Match* matches_;  // of each code, for those that are matches
  Value* top_ = nullptr;
};

/// Whether the automaton finds something in a text.
bool finds(const Automaton& automaton, std::string_view text);

/// Writes the text of a value that is no text itself and no map; gives its size.
size_t value_text(Kind kind, const Value& value, char* to);

}  // namespace policy
