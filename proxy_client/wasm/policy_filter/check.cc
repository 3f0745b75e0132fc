#include "policy_filter/check.h"

#include "policy_filter/address.h"

namespace policy {
namespace {

constexpr uint32_t kInvalidArgument = 3, kPermissionDenied = 7;

bool look_up(const Program& program, Machine& machine, const Action& action, Verdict& verdict) {
  Value value;
  if (!machine.run(action.value, value)) return false;
  auto found =
      look_up(program, program.lists[action.list], action.type, value.text, machine.arena());
  auto is_found = found == Found::Yes;
  if (found != Found::NoAddress && is_found != action.deny_found) return true;
  std::string message;
  if (action.type == Kind::Address) {
    char text[kMaxAddressText];
    message.assign(text, address_text(value.text, text));
  } else {
    message = value.text;
  }
  message += ' ';
  message += found == Found::NoAddress ? "is not a valid IP address" : action.denial;
  verdict.deny(action, found == Found::NoAddress ? kInvalidArgument : kPermissionDenied, message);
  return true;
}

// False when the action fails.
bool carry_out(const Program& program, Machine& machine, const Action& action, Verdict& verdict) {
  if (action.kind == ActionKind::List) return look_up(program, machine, action, verdict);
  if (!machine.evaluate(action.evaluate)) return false;
  if (action.kind == ActionKind::Deny) verdict.deny(action, action.code, action.message);
  return true;
}

}  // namespace

void Verdict::deny(const Action& action, uint32_t denial, std::string_view why) {
  if (is_denied) {
    message += ", ";
  } else {
    is_denied = true;
    code = denial;
    direct = action.has_direct ? &action.direct : nullptr;
  }
  message += action.handler;
  message += ':';
  message += why;
}

Verdict check(const Program& program, Machine& machine) {
  Verdict verdict;
  for (auto& rule : program.check) {
    if (!machine.holds(rule.match)) continue;
    for (auto& action : rule.actions) {
      if (carry_out(program, machine, action, verdict)) continue;
      verdict.has_failed = true;
      return verdict;
    }
  }
  verdict.has_failed = machine.has_failed();
  return verdict;
}

}  // namespace policy
