// Check rules and header rules.
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr uint32_t kMaxStatus = 599;
constexpr std::string_view kActions[] = {"pass", "deny", "list"};
constexpr std::string_view kChanges[] = {"set", "add", "remove"};

constexpr Member kLine[] = {
    {"name", text, offsetof(proxy::Pair, name)},
    {"value", text, offsetof(proxy::Pair, value)},
};

constexpr Member kDirect[] = {
    {"status", natural<kMaxStatus>, offsetof(Direct, status)},
    {"body", text, offsetof(Direct, body)},
    {"headers", list_of<proxy::Pair, tuple<kLine>>, offsetof(Direct, headers)},
};

void read_direct(Reader& json, Action& action) {
  action.has_direct = !json.null();
  if (action.has_direct) read_all(json, kDirect, &action.direct);
}

constexpr Member kAction[] = {
    {"do", name<kActions>, offsetof(Action, kind)},
    {"handler", text, offsetof(Action, handler)},
    {"evaluate", list_of<uint32_t, natural>, offsetof(Action, evaluate)},
    {"code", natural, offsetof(Action, code)},
    {"message", text, offsetof(Action, message)},
    {"direct", with<Action, read_direct>, 0},
    {"value", natural, offsetof(Action, value)},
    {"type", natural<static_cast<uint32_t>(Kind::Map)>, offsetof(Action, type)},
    {"list", natural, offsetof(Action, list)},
    {"deny_found", boolean, offsetof(Action, deny_found)},
    {"denial", text, offsetof(Action, denial)},
};
// Which of these keys an action of each kind has.
constexpr uint32_t kActionKeys[] = {0b00000000111, 0b00000111111, 0b11111000011};

void read_action(Reader& json, Action& action) {
  auto seen = read_some(json, kAction, &action);
  if (seen != kActionKeys[static_cast<uint32_t>(action.kind)]) {
    json.fail("an action with other keys");
  }
  if (action.type != Kind::Text && action.type != Kind::Address) {
    json.fail("unknown type in a list");
  }
}

constexpr Member kRule[] = {
    {"rule", text, offsetof(Rule, name)},
    {"match", index, offsetof(Rule, match)},
    {"actions", list_of<Action, with<Action, read_action>>, offsetof(Rule, actions)},
};

constexpr Member kChange[] = {
    {"what", name<kChanges>, offsetof(HeaderChange, kind)},
    {"name", text, offsetof(HeaderChange, name)},
    {"code", index, offsetof(HeaderChange, code)},
};

constexpr Member kHeaderRule[] = {
    {"match", index, offsetof(HeaderRule, match)},
    {"request", list_of<HeaderChange, tuple<kChange>>, offsetof(HeaderRule, request)},
    {"response", list_of<HeaderChange, tuple<kChange>>, offsetof(HeaderRule, response)},
};

}  // namespace

void read_rule(Reader& json, void* rule) { read_all(json, kRule, rule); }
void read_header_rule(Reader& json, void* rule) { read_all(json, kHeaderRule, rule); }

}  // namespace policy
