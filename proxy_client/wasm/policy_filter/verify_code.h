// Tests one piece of code, and tells of which type its value is.
#pragma once

#include <string>

#include "policy_filter/program.h"
#include "policy_filter/type.h"

namespace policy {

struct Verified {
  /// What is wrong with operands, jumps, the stack or types; empty when nothing is.
  std::string why;
  /// Of the value that the code leaves; Any when it never does.
  Type type = Type::Any;
};

Verified verify_code(const Program& program, const Code& code, base::Arena& scratch);

}  // namespace policy
