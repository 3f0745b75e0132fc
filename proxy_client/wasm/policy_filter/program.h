// A policy program in memory; docs/policy_program.md says what each part means.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy_filter/value.h"

namespace policy {

enum class Op : uint32_t {
  Const, Attr, AttrOr, Entry, EntryOr, Index, IndexOr, Jump, Unless, And, Or, Pop, Select,
  Compare, Add, Match, Matches, StartsWith, EndsWith, ToLower, Size, Ip, Time, Text, Fail
};
inline constexpr uint32_t kOpCount = 25;

enum class SourceKind : uint32_t {
  Constant, Absent, First, Header, FilledHeader, Path, UrlPath, QueryParams, Headers,
  ContentLength, Protocol, ApiProtocol, Principal, PrincipalNamespace, Property, Address,
  ResponseHeaders, GrpcStatus, GrpcMessage, ResponseFlags, EndTime
};

/// Index of the code of a match that always holds, and of texts that are always empty.
inline constexpr int32_t kAlways = -1;

struct Source {
  SourceKind kind = SourceKind::Absent;
  std::string name;          // a header, a side, or a property's path with NUL between its parts
  Kind type = Kind::Text;    // of a property
  bool has_default = false;
  std::string default_text;
  int64_t default_number = 0;
  uint32_t constant = 0;
  std::vector<Source> sources;
  std::vector<std::string> codes;
};

using Code = std::vector<uint32_t>;

struct LowerRow {
  uint32_t first, last, step;
  int32_t delta;
};

struct Automaton {
  std::array<uint16_t, 256> classes{};
  uint32_t class_count = 1;
  std::vector<uint16_t> next;
  uint32_t start = 0;
  std::vector<bool> final;
};

enum class ListKind { Texts, Folded, Addresses, Patterns };

struct Network {
  std::string address;
  uint32_t length;
};

struct List {
  ListKind kind = ListKind::Texts;
  std::vector<std::string> entries;
  std::vector<std::pair<uint32_t, std::string>> fold;  // by character
  std::vector<Network> networks;
  uint32_t automaton = 0;
};

struct Limit {
  std::string id;
  int64_t max = 0;
  int64_t ticks = 0;
};

struct StatusName {
  uint32_t code;
  std::string name;
  uint32_t http;
};

using Line = std::pair<std::string, std::string>;

struct Direct {
  uint32_t status = 0;
  std::string body;
  std::vector<Line> headers;
};

enum class ActionKind { Pass, Deny, List };

struct Action {
  ActionKind kind = ActionKind::Pass;
  std::string handler;
  std::vector<uint32_t> evaluate;
  uint32_t code = 0;
  std::string message;
  bool has_direct = false;
  Direct direct;
  uint32_t value = 0;
  Kind type = Kind::Text;
  uint32_t list = 0;
  bool deny_found = false;
  std::string denial;
};

struct Rule {
  std::string name;
  int32_t match = kAlways;
  std::vector<Action> actions;
};

enum class ChangeKind { Set, Add, Remove };

struct HeaderChange {
  ChangeKind kind = ChangeKind::Set;
  std::string name;
  int32_t code = -1;
};

struct HeaderRule {
  int32_t match = kAlways;
  std::vector<HeaderChange> request;
  std::vector<HeaderChange> response;
};

struct Condition {
  uint32_t dimension = 0;
  std::vector<std::string> texts;
};

struct Override {
  std::vector<Condition> where;
  uint32_t limit = 0;
};

enum class AnswerKind { All, Nothing, Take };

struct QuotaLimit {
  AnswerKind kind = AnswerKind::All;
  int32_t match = kAlways;
  std::vector<uint32_t> evaluate;
  std::string handler;
  std::vector<uint32_t> dimensions;
  std::vector<Override> overrides;
  uint32_t limit = 0;
};

struct Quota {
  std::string name;
  int64_t amount = 0;
  std::vector<QuotaLimit> limits;
};

enum class SampleKind { Counter, Gauge, Histogram };

struct Label {
  std::string name;
  int32_t code = -1;
};

struct Metric {
  int32_t match = kAlways;
  SampleKind kind = SampleKind::Counter;
  std::string stat;
  std::vector<Label> labels;
  uint32_t value = 0;
  int64_t scale = 1;
  uint32_t max_series = 0;
};

struct Field {
  std::string key;
  int32_t code = -1;
  bool is_quoted = false;
};

struct Log {
  int32_t match = kAlways;
  std::string instance;
  int32_t severity = -1;
  std::vector<std::pair<std::string, uint32_t>> levels;
  uint32_t lowest = 0;
  int32_t time = -1;
  std::vector<Field> fields;
};

struct Program {
  std::string name_space;
  bool fail_open = false;
  uint32_t stack = 0;
  std::vector<Value> constants;
  std::vector<Kind> constant_kinds;
  std::vector<Source> attributes;
  std::vector<Code> code;
  std::vector<LowerRow> lower;
  std::vector<Automaton> automata;
  std::vector<List> lists;
  std::vector<Limit> limits;
  std::vector<StatusName> statuses;
  std::vector<Rule> check;
  std::vector<HeaderRule> headers;
  std::vector<Quota> quotas;
  std::vector<Metric> metrics;
  std::vector<Log> logs;

  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Keeps what constants view; deques do not move their elements.
  std::deque<std::string> texts;
  std::deque<std::vector<Entry>> entries;
  std::deque<Map> maps;

  const StatusName* status(uint32_t code) const {
    for (auto& row : statuses) {
      if (row.code == code) return &row;
    }
    return nullptr;
  }
};

}  // namespace policy
