// The quotas of a program.
#pragma once

#include "policy_filter/check.h"

namespace policy {

/// Asks all quotas, and puts what they refuse into the verdict on a request that no action denies.
void ask_quotas(const Program& program, Machine& machine, Verdict& verdict);

}  // namespace policy
