#include "policy_filter/load.h"

#include "policy_filter/verify.h"

namespace policy {
namespace {

constexpr uint32_t kVersion = 1;
constexpr uint32_t kMaxStack = 1024;
constexpr uint32_t kMaxStatus = 599;

void read_version(Reader& json, void*) {
  if (json.natural() != kVersion) json.fail("unknown version");
}

constexpr Member kLowerRow[] = {
    {"first", integer, offsetof(LowerRow, first)},
    {"last", integer, offsetof(LowerRow, last)},
    {"step", integer, offsetof(LowerRow, step)},
    {"delta", integer, offsetof(LowerRow, delta)},
};

void read_lower_row(Reader& json, LowerRow& row) {
  constexpr int64_t kLastCharacter = 0x10ffff;
  read_tuple(json, kLowerRow, &row);
  bool is_range = row.first >= 0 && row.first <= row.last && row.last <= kLastCharacter &&
                  row.step > 0 && row.step <= kLastCharacter;
  bool is_kept = row.first + row.delta >= 0 && row.last + row.delta <= kLastCharacter;
  if (!is_range || !is_kept) json.fail("a wrong range");
}

constexpr Member kStatus[] = {
    {"code", natural, offsetof(StatusName, code)},
    {"name", text, offsetof(StatusName, name)},
    {"http", natural<kMaxStatus>, offsetof(StatusName, http)},
};

constexpr Member kLimit[] = {
    {"id", text, offsetof(Limit, id)},
    {"max", integer, offsetof(Limit, max)},
    {"ticks", integer, offsetof(Limit, ticks)},
};

constexpr std::string_view kCells[] = {"shared", "worker"};

#define LIST(member, Item, read) {#member, list_of<Item, read>, offsetof(Program, member)}

constexpr Member kProgram[] = {
    {"version", read_version, 0},
    {"namespace", text, offsetof(Program, name_space)},
    {"fail_open", boolean, offsetof(Program, fail_open)},
    {"stack", natural<kMaxStack>, offsetof(Program, stack)},
    {"cells", name<kCells>, offsetof(Program, cells)},
    LIST(constants, Constant, read_constant),
    LIST(attributes, Source, read_attribute),
    LIST(code, Code, (list_of<uint32_t, natural>)),
    LIST(lower, LowerRow, (with<LowerRow, read_lower_row>)),
    LIST(automata, Automaton, read_automaton),
    LIST(lists, List, read_look_up_list),
    LIST(limits, Limit, object<kLimit>),
    LIST(statuses, StatusName, tuple<kStatus>),
    LIST(check, Rule, read_rule),
    LIST(headers, HeaderRule, read_header_rule),
    LIST(quotas, Quota, read_quota),
    LIST(metrics, Metric, read_metric),
    LIST(logs, Log, read_log),
};

#undef LIST

}  // namespace

std::string load_program(std::string_view text, Program& program) {
  Reader json(text, program.arena);
  read_all(json, kProgram, &program);
  json.end();
  return json.failed() ? json.why() : verify(program);
}

}  // namespace policy
