// Lists, check rules, header rules and quotas.
#include <algorithm>

#include "policy_filter/fields.h"
#include "policy_filter/load.h"
#include "base/utf8.h"

namespace policy {

using base::Character;
using base::decode_utf8;
namespace {

void read_network(JsonReader& json, Network& network) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    size = index + 1;
    if (index == 0) {
      network.address = read_address(json);
    } else {
      network.length = json.natural(static_cast<uint32_t>(network.address.size() * 8));
    }
  });
  expect_size(json, size, 2);
}

void read_fold(JsonReader& json, List& list) {
  json.object([&](std::string_view key) {
    auto character = key.empty() ? Character{0, 0, false} : decode_utf8(key);
    if (character.size != key.size()) json.fail("a key that is not one character");
    list.fold.emplace_back(character.code, json.text());
  });
  std::sort(list.fold.begin(), list.fold.end());
}

constexpr std::string_view kListKinds[] = {"texts", "folded", "addresses", "patterns"};

constexpr FieldOf<List> kList[] = {
    {"kind",
     [](JsonReader& json, List& it) { it.kind = static_cast<ListKind>(read_name(json, kListKinds)); }},
    {"entries", [](JsonReader& json, List& it) { read_list(json, it.entries, read_text); }},
    {"fold", read_fold},
    {"networks", [](JsonReader& json, List& it) { read_list(json, it.networks, read_network); }},
    {"automaton", [](JsonReader& json, List& it) { it.automaton = json.natural(); }},
};
// Which of these keys a list of each kind has.
constexpr uint32_t kListKeys[] = {0b00011, 0b00111, 0b01001, 0b10001};

void read_line(JsonReader& json, Line& line) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    (index == 0 ? line.first : line.second) = json.text();
    size = index + 1;
  });
  expect_size(json, size, 2);
}

constexpr FieldOf<Direct> kDirect[] = {
    {"status", [](JsonReader& json, Direct& it) { it.status = json.natural(599); }},
    {"body", [](JsonReader& json, Direct& it) { it.body = json.text(); }},
    {"headers", [](JsonReader& json, Direct& it) { read_list(json, it.headers, read_line); }},
};

constexpr std::string_view kActions[] = {"pass", "deny", "list"};

constexpr FieldOf<Action> kAction[] = {
    {"do",
     [](JsonReader& json, Action& it) { it.kind = static_cast<ActionKind>(read_name(json, kActions)); }},
    {"handler", [](JsonReader& json, Action& it) { it.handler = json.text(); }},
    {"evaluate", [](JsonReader& json, Action& it) { read_list(json, it.evaluate, read_number); }},
    {"code", [](JsonReader& json, Action& it) { it.code = json.natural(); }},
    {"message", [](JsonReader& json, Action& it) { it.message = json.text(); }},
    {"direct",
     [](JsonReader& json, Action& it) {
       it.has_direct = !json.null();
       if (it.has_direct) read_all(json, kDirect, it.direct);
     }},
    {"value", [](JsonReader& json, Action& it) { it.value = json.natural(); }},
    {"type", [](JsonReader& json, Action& it) { it.type = static_cast<Kind>(json.natural(7)); }},
    {"list", [](JsonReader& json, Action& it) { it.list = json.natural(); }},
    {"deny_found", [](JsonReader& json, Action& it) { it.deny_found = json.boolean(); }},
    {"denial", [](JsonReader& json, Action& it) { it.denial = json.text(); }},
};
constexpr uint32_t kActionKeys[] = {0b00000000111, 0b00000111111, 0b11111000011};

void read_action(JsonReader& json, Action& action) {
  auto seen = read_some(json, kAction, action);
  if (seen != kActionKeys[static_cast<uint32_t>(action.kind)]) json.fail("an action with other keys");
  if (action.type != Kind::Text && action.type != Kind::Address) json.fail("unknown type in a list");
}

constexpr FieldOf<Rule> kRule[] = {
    {"rule", [](JsonReader& json, Rule& it) { it.name = json.text(); }},
    {"match", [](JsonReader& json, Rule& it) { it.match = read_index(json); }},
    {"actions", [](JsonReader& json, Rule& it) { read_list(json, it.actions, read_action); }},
};

constexpr std::string_view kChanges[] = {"set", "add", "remove"};

void read_change(JsonReader& json, HeaderChange& change) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    if (index == 0) change.kind = static_cast<ChangeKind>(read_name(json, kChanges));
    if (index == 1) change.name = json.text();
    if (index == 2) change.code = read_index(json);
    size = index + 1;
    if (size > 3) json.fail("a list of another length");
  });
  expect_size(json, size, 3);
}

constexpr FieldOf<HeaderRule> kHeaderRule[] = {
    {"match", [](JsonReader& json, HeaderRule& it) { it.match = read_index(json); }},
    {"request", [](JsonReader& json, HeaderRule& it) { read_list(json, it.request, read_change); }},
    {"response", [](JsonReader& json, HeaderRule& it) { read_list(json, it.response, read_change); }},
};

void read_condition(JsonReader& json, Condition& condition) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    size = index + 1;
    if (index == 0) {
      condition.dimension = json.natural();
    } else {
      read_list(json, condition.texts, read_text);
    }
  });
  expect_size(json, size, 2);
}

constexpr FieldOf<Override> kOverride[] = {
    {"where", [](JsonReader& json, Override& it) { read_list(json, it.where, read_condition); }},
    {"limit", [](JsonReader& json, Override& it) { it.limit = json.natural(); }},
};

void read_override(JsonReader& json, Override& it) { read_all(json, kOverride, it); }

constexpr std::string_view kAnswers[] = {"all", "nothing", "take"};

constexpr FieldOf<QuotaLimit> kQuotaLimit[] = {
    {"do",
     [](JsonReader& json, QuotaLimit& it) {
       it.kind = static_cast<AnswerKind>(read_name(json, kAnswers));
     }},
    {"match", [](JsonReader& json, QuotaLimit& it) { it.match = read_index(json); }},
    {"evaluate", [](JsonReader& json, QuotaLimit& it) { read_list(json, it.evaluate, read_number); }},
    {"handler", [](JsonReader& json, QuotaLimit& it) { it.handler = json.text(); }},
    {"dimensions",
     [](JsonReader& json, QuotaLimit& it) { read_list(json, it.dimensions, read_number); }},
    {"overrides",
     [](JsonReader& json, QuotaLimit& it) { read_list(json, it.overrides, read_override); }},
    {"limit", [](JsonReader& json, QuotaLimit& it) { it.limit = json.natural(); }},
};
constexpr uint32_t kQuotaLimitKeys[] = {0b0000111, 0b0000111, 0b1111011};

void read_quota_limit(JsonReader& json, QuotaLimit& limit) {
  auto seen = read_some(json, kQuotaLimit, limit);
  if (seen != kQuotaLimitKeys[static_cast<uint32_t>(limit.kind)]) json.fail("a limit with other keys");
}

constexpr FieldOf<Quota> kQuota[] = {
    {"name", [](JsonReader& json, Quota& it) { it.name = json.text(); }},
    {"amount", [](JsonReader& json, Quota& it) { it.amount = json.integer(); }},
    {"limits", [](JsonReader& json, Quota& it) { read_list(json, it.limits, read_quota_limit); }},
};

}  // namespace

void read_look_up_list(JsonReader& json, List& list) {
  auto seen = read_some(json, kList, list);
  if (seen != kListKeys[static_cast<uint32_t>(list.kind)]) json.fail("a list with other keys");
  if (!std::is_sorted(list.entries.begin(), list.entries.end())) json.fail("entries not in order");
}

void read_rule(JsonReader& json, Rule& rule) { read_all(json, kRule, rule); }
void read_header_rule(JsonReader& json, HeaderRule& rule) { read_all(json, kHeaderRule, rule); }
void read_quota(JsonReader& json, Quota& quota) { read_all(json, kQuota, quota); }

}  // namespace policy
