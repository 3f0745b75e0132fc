// Types, for the verification of programs.
#pragma once

#include <cstdint>
#include <string_view>

#include "policy_filter/program.h"

namespace policy {

/// What values are to the machine: ints, times and durations are one.
enum class Type : uint8_t { Text, Number, Bool, Double, Address, Map, Any };

/// "text" and so on.
std::string_view name_of(Type type);
Type type_of(Kind kind);
/// The type of an attribute's values; Any of one that never has a value.
Type type_of(const Program& program, const Source& source);

/// What both are: one is Any, or they are the same. False otherwise.
bool agree(Type& one, Type other);

}  // namespace policy
