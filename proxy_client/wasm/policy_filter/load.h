// Makes a program of its JSON.
#pragma once

#include <string>
#include <string_view>

#include "policy_filter/fields.h"
#include "policy_filter/program.h"

namespace policy {

/// Reads and verifies a program. Gives what is wrong with it; empty when nothing is.
std::string load_program(std::string_view text, Program& program);

// Its parts; each reads one item of a list.
/// The bytes of an address in hexadecimal.
void read_address(Reader& json, void* text);
void read_constant(Reader& json, void* constant);
void read_attribute(Reader& json, void* source);
void read_automaton(Reader& json, void* automaton);
void read_look_up_list(Reader& json, void* list);
void read_rule(Reader& json, void* rule);
void read_header_rule(Reader& json, void* rule);
void read_quota(Reader& json, void* quota);
void read_metric(Reader& json, void* metric);
void read_log(Reader& json, void* log);

}  // namespace policy
