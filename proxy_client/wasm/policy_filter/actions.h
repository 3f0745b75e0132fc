// What a program does with a request: check actions, header operations, quotas, metrics and logs.
#pragma once

#include <cstdint>

#include "abi/pairs.h"
#include "policy_filter/code.h"

namespace policy {

struct Direct {
  uint32_t status;
  Text body;
  Items<proxy::Pair> headers;
};

enum class ActionKind : uint32_t { Pass, Deny, List };

struct Action {
  ActionKind kind;
  Text handler;
  Code evaluate;
  uint32_t code;
  Text message;
  bool has_direct;
  Direct direct;
  uint32_t value;
  Kind type;
  uint32_t list;
  bool deny_found;
  Text denial;
};

struct Rule {
  Text name;
  int32_t match;
  Items<Action> actions;
};

enum class ChangeKind : uint32_t { Set, Add, Remove };

struct HeaderChange {
  ChangeKind kind;
  Text name;
  int32_t code;
};

struct HeaderRule {
  int32_t match;
  Items<HeaderChange> request;
  Items<HeaderChange> response;
};

struct Condition {
  uint32_t dimension;
  Items<Text> texts;
};

struct Override {
  Items<Condition> where;
  uint32_t limit;
};

enum class AnswerKind : uint32_t { All, Nothing, Take };

struct QuotaLimit {
  AnswerKind kind;
  int32_t match;
  Code evaluate;
  Text handler;
  Code dimensions;
  Items<Override> overrides;
  uint32_t limit;
};

struct Quota {
  Text name;
  int64_t amount;
  Items<QuotaLimit> limits;
};

enum class SampleKind : uint32_t { Counter, Gauge, Histogram };

struct Label {
  Text name;
  int32_t code;
};

struct Metric {
  int32_t match;
  SampleKind kind;
  Text stat;
  Items<Label> labels;
  uint32_t value;
  int64_t scale;
  uint32_t max_series;
};

struct Field {
  Text key;
  int32_t code;
  bool is_quoted;
};

struct Level {
  Text name;
  uint32_t level;
};

struct Log {
  int32_t match;
  Text instance;
  int32_t severity;
  Items<Level> levels;
  uint32_t lowest;
  int32_t time;
  Items<Field> fields;
};

}  // namespace policy
