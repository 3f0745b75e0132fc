#include "mixer_client/conditions.h"

#include <algorithm>

#include "mixer_client/condition_facts.h"
#include "mixer_client/observed.h"
#include "mixer_client/sort.h"

namespace mixer_client {
namespace {

bool is_map(const Value* value) { return value != nullptr && value->type == Type::StringMap; }

// Whether a reference leaves open what it means for a request that has such an attribute: in a map
// something must be looked up.
bool is_spoilt(const Reference& reference, const Value* value) {
  return is_map(value) && reference.key_state != Reference::Key::Known;
}

}  // namespace

std::optional<Conditions> conditions(const ReferencedAttributes& referenced, Bag& bag) {
  if (!referenced.is_usable) return std::nullopt;
  Conditions met;
  for (auto& reference : referenced.references) {
    auto name = bag.names().find(reference.name);
    auto* value = bag.find(name);
    if (is_spoilt(reference, value)) return std::nullopt;
    Condition condition{name, {}, reference.condition == Reference::Condition::Exact};
    if (is_map(value)) condition.key = reference.key;
    if (!is_met(condition, observe(value, condition.key))) return std::nullopt;
    if (name != Names::kNone) met.push_back(std::move(condition));
  }
  sort_items(met, [](auto& one, auto& other) { return one < other; });
  met.erase(std::unique(met.begin(), met.end()), met.end());
  return met;
}

}  // namespace mixer_client
