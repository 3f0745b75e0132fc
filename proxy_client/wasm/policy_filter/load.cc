#include "policy_filter/load.h"

#include "policy_filter/fields.h"
#include "policy_filter/verify.h"

namespace policy {
namespace {

constexpr uint32_t kVersion = 1;

void read_version(JsonReader& json) {
  if (json.natural() != kVersion) json.fail("unknown version");
}

void read_code(JsonReader& json, Code& code) { read_list(json, code, read_number); }

void read_lower_row(JsonReader& json, LowerRow& row) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    auto number = static_cast<int32_t>(json.integer());
    if (index == 0) row.first = number;
    if (index == 1) row.last = number;
    if (index == 2) row.step = number;
    if (index == 3) row.delta = number;
    size = index + 1;
  });
  expect_size(json, size, 4);
  if (row.step == 0 || row.first > row.last || row.last > 0x10ffff) json.fail("a wrong range");
}

void read_status(JsonReader& json, StatusName& status) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    if (index == 0) status.code = json.natural();
    if (index == 1) status.name = json.text();
    if (index == 2) status.http = json.natural(599);
    size = index + 1;
    if (size > 3) json.fail("a list of another length");
  });
  expect_size(json, size, 3);
}

constexpr FieldOf<Limit> kLimit[] = {
    {"id", [](JsonReader& json, Limit& limit) { limit.id = json.text(); }},
    {"max", [](JsonReader& json, Limit& limit) { limit.max = json.integer(); }},
    {"ticks", [](JsonReader& json, Limit& limit) { limit.ticks = json.integer(); }},
};

void read_limit(JsonReader& json, Limit& limit) { read_all(json, kLimit, limit); }

constexpr FieldOf<Program> kProgram[] = {
    {"version", [](JsonReader& json, Program&) { read_version(json); }},
    {"namespace", [](JsonReader& json, Program& it) { it.name_space = json.text(); }},
    {"fail_open", [](JsonReader& json, Program& it) { it.fail_open = json.boolean(); }},
    {"stack", [](JsonReader& json, Program& it) { it.stack = json.natural(1 << 16); }},
    {"constants",
     [](JsonReader& json, Program& it) {
       json.list([&](uint32_t) { read_constant(json, it); });
     }},
    {"attributes",
     [](JsonReader& json, Program& it) { read_list(json, it.attributes, read_attribute); }},
    {"code", [](JsonReader& json, Program& it) { read_list(json, it.code, read_code); }},
    {"lower", [](JsonReader& json, Program& it) { read_list(json, it.lower, read_lower_row); }},
    {"automata",
     [](JsonReader& json, Program& it) { read_list(json, it.automata, read_automaton); }},
    {"lists", [](JsonReader& json, Program& it) { read_list(json, it.lists, read_look_up_list); }},
    {"limits", [](JsonReader& json, Program& it) { read_list(json, it.limits, read_limit); }},
    {"statuses", [](JsonReader& json, Program& it) { read_list(json, it.statuses, read_status); }},
    {"check", [](JsonReader& json, Program& it) { read_list(json, it.check, read_rule); }},
    {"headers", [](JsonReader& json, Program& it) { read_list(json, it.headers, read_header_rule); }},
    {"quotas", [](JsonReader& json, Program& it) { read_list(json, it.quotas, read_quota); }},
    {"metrics", [](JsonReader& json, Program& it) { read_list(json, it.metrics, read_metric); }},
    {"logs", [](JsonReader& json, Program& it) { read_list(json, it.logs, read_log); }},
};

}  // namespace

std::string load_program(std::string_view text, Program& program) {
  JsonReader json(text);
  read_all(json, kProgram, program);
  json.end();
  return json.failed() ? json.why() : verify(program);
}

}  // namespace policy
