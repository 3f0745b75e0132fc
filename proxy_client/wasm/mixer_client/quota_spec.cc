#include "mixer_client/quota_spec.h"

#include <algorithm>

namespace mixer_client {

bool StringMatch::matches(std::string_view text) const {
  if (exact) return text == *exact;
  if (prefix) return text.starts_with(*prefix);
  return !regex || regex->matches(text);
}

bool Clause::holds(Bag& bag) const {
  auto* value = bag.find(name);
  return value && value->type == Type::String && match.matches(value->text);
}

bool QuotaRule::applies(Bag& bag) const {
  if (matches.empty()) return true;
  return std::any_of(matches.begin(), matches.end(), [&](const std::vector<Clause>& clauses) {
    return std::all_of(clauses.begin(), clauses.end(),
                       [&](const Clause& clause) { return clause.holds(bag); });
  });
}

void QuotaSpec::charges(Bag& bag, Charges& charges) const {
  charges.clear();
  for (auto& rule : rules) {
    if (!rule.applies(bag)) continue;
    for (auto& charge : rule.quotas) add(charge, charges);
  }
}

}  // namespace mixer_client
