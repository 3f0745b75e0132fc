// The check actions of a program, and what they say of a request.
#pragma once

#include <string>

#include "policy_filter/machine.h"

namespace policy {

inline constexpr uint32_t kResourceExhausted = 8;
inline constexpr uint32_t kInternalError = 500;
inline constexpr std::string_view kUndecided = "INTERNAL:the policy can't be decided";

/// What becomes of a request.
struct Verdict {
  bool has_failed = false;  // the policy can't be decided
  bool is_denied = false;
  uint32_t code = 0;
  std::string message;
  const Direct* direct = nullptr;

  /// Adds a denial; the first one has the code.
  void deny(const Action& action, uint32_t code, std::string_view message);
};

/// Carries out the check actions of all rules that hold.
Verdict check(const Program& program, Machine& machine);

enum class Found { No, Yes, NoAddress };
/// Looks for a text or an address in a list.
Found look_up(const Program& program, const List& list, Kind kind, std::string_view value,
              Arena& arena);

}  // namespace policy
