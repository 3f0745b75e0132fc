// A policy program in memory; docs/policy_program.md says what each part means.
//
// All of it lies in the program's arena and needs no destructors. Everything is right when its
// bytes are zero, since `Items` makes it so.
#pragma once

#include <cstdint>

#include "base/arena.h"
#include "policy_filter/actions.h"
#include "policy_filter/code.h"

namespace policy {

struct LowerRow {
  int64_t first, last, step, delta;
};

struct Automaton {
  Items<uint16_t> classes;
  uint32_t class_count;
  Items<uint16_t> next;
  uint32_t start;
  Items<uint32_t> final;
  char* is_final;  // of each state
};

enum class ListKind : uint32_t { Texts, Folded, Addresses, Patterns };

struct Network {
  Text address;
  uint32_t length;
};

struct Folding {
  uint32_t character;
  Text text;
};

struct List {
  ListKind kind;
  Items<Text> entries;
  Items<Folding> fold;
  Items<Network> networks;
  uint32_t automaton;
};

struct Limit {
  Text id;
  int64_t max;
  int64_t ticks;
};

struct StatusName {
  uint32_t code;
  Text name;
  uint32_t http;
};

enum class CellsKind : uint32_t { Shared, Worker };

struct Constant {
  Kind kind;
  Value value;
};

struct Program {
  base::Arena arena{base::Arena::kUnlimited};
  uint32_t version = 0;
  Text name_space;
  bool fail_open = false;
  uint32_t stack = 0;
  CellsKind cells = CellsKind::Shared;
  Items<Constant> constants;
  Items<Source> attributes;
  Items<Code> code;
  Items<LowerRow> lower;
  Items<Automaton> automata;
  Items<List> lists;
  Items<Limit> limits;
  Items<StatusName> statuses;
  Items<Rule> check;
  Items<HeaderRule> headers;
  Items<Quota> quotas;
  Items<Metric> metrics;
  Items<Log> logs;

  const StatusName* status(uint32_t code) const {
    for (auto& row : statuses) {
      if (row.code == code) return &row;
    }
    return nullptr;
  }
};

}  // namespace policy
