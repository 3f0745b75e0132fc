// Tests a program once, when it is loaded, so that running it needs no tests.
#pragma once

#include <string>

#include "policy_filter/program.h"

namespace policy {

/// What is wrong with indices, jumps or the stack; empty when nothing is.
std::string verify(const Program& program);

}  // namespace policy
