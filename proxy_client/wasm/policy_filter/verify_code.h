// Tests one piece of code.
#pragma once

#include "policy_filter/program.h"

namespace policy {

/// What is wrong with the operands, jumps or the stack of some code; null when nothing is.
const char* verify_code(const Program& program, const Code& code);

}  // namespace policy
