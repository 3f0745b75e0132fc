// How many operands stand behind each opcode.
#pragma once

#include <cstdint>

#include "policy_filter/program.h"

namespace policy {

inline constexpr uint8_t kOperandCounts[kOpCount] = {1, 1, 2, 2, 3, 0, 1, 1, 1, 1, 1, 0, 0,
                                                     2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0};

}  // namespace policy
