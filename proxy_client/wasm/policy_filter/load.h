// Makes a program of its JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "policy_filter/program.h"

namespace policy {

using base::JsonReader;

/// Reads and verifies a program. Gives what is wrong with it; empty when nothing is.
std::string load_program(std::string_view text, Program& program);

// Its parts.
/// The bytes of an address in hexadecimal.
std::string read_address(JsonReader& json);
void read_constant(JsonReader& json, Program& program);
void read_attribute(JsonReader& json, Source& source);
void read_automaton(JsonReader& json, Automaton& automaton);
void read_look_up_list(JsonReader& json, List& list);
void read_rule(JsonReader& json, Rule& rule);
void read_header_rule(JsonReader& json, HeaderRule& rule);
void read_quota(JsonReader& json, Quota& quota);
void read_metric(JsonReader& json, Metric& metric);
void read_log(JsonReader& json, Log& log);

}  // namespace policy
