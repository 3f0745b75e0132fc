#include "mixer_client/condition_index.h"

#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "mixer_client/sort.h"

namespace mixer_client {
namespace {

// Of one entry beside what is counted: its links, and its part of the tree.
constexpr size_t kEntryOverhead = sizeof(Entry) + sizeof(Node) + 128;

size_t bytes_of(const Entry& entry) {
  return kEntryOverhead + entry.facts.capacity() * sizeof(Fact*) + entry.value->bytes();
}

// Whether the request meets conditions, and not too many, and shows not too much there.
bool can_keep(Bag& bag, const Conditions& conditions, const Indexed& value) {
  if (conditions.size() > ConditionIndex::kMaxConditions) return false;
  size_t bytes = value.bytes();
  for (auto& condition : conditions) {
    auto observed = observe(bag.find(condition.name), condition.key);
    if (!is_met(condition, observed)) return false;
    if (condition.key) bytes += condition.key->size();
    if (has_text(observed.value)) bytes += observed.value.text.size();
    if (bytes > ConditionIndex::kMaxValueBytes) return false;
  }
  return bytes <= ConditionIndex::kMaxValueBytes;
}

}  // namespace

void ConditionIndex::put(Bag& bag, const Conditions& conditions, std::unique_ptr<Indexed> value) {
  if (max_count_ == 0 || !can_keep(bag, conditions, *value)) return;
  if (Entry* entry = kept(bag, conditions)) {
    entry_bytes_ -= bytes_of(*entry);
    entry->value = std::move(value);
    entry_bytes_ += bytes_of(*entry);
    touch(*entry);
  } else {
    add(bag, conditions, std::move(value));
  }
  shrink();
}

void ConditionIndex::add(Bag& bag, const Conditions& conditions, std::unique_ptr<Indexed> value) {
  auto& entry = entries_.emplace_back();
  entry.value = std::move(value);
  entry.position = std::prev(entries_.end());
  entry.facts.reserve(conditions.size());
  for (auto& condition : conditions) {
    auto observed = observe(bag.find(condition.name), condition.key);
    entry.facts.push_back(facts_.use(condition, observed));
  }
  entry.open_count = static_cast<uint32_t>(entry.facts.size());
  entry_bytes_ += bytes_of(entry);
  tree_.add(entry);
}

void ConditionIndex::discard(Bag& bag, const Conditions& conditions) {
  if (Entry* entry = kept(bag, conditions)) remove(*entry);
}

// The entry that `put` has made for these; null when there is none.
Entry* ConditionIndex::kept(Bag& bag, const Conditions& conditions) const {
  std::vector<const Fact*> facts;
  for (auto& condition : conditions) {
    auto* fact = facts_.find(condition, observe(bag.find(condition.name), condition.key));
    if (fact == nullptr) return nullptr;
    facts.push_back(fact);
  }
  sort_items(facts, std::less<>());
  return tree_.find(bag, facts);
}

void ConditionIndex::shrink() {
  while (entries_.size() > max_count_ || (bytes() > max_bytes_ && !entries_.empty())) {
    remove(entries_.front());
  }
}

void ConditionIndex::remove(Entry& entry) {
  tree_.remove(entry);
  for (auto* fact : entry.facts) facts_.release(fact);
  entry_bytes_ -= bytes_of(entry);
  entries_.erase(entry.position);
}

void ConditionIndex::clear() {
  tree_.clear();
  entries_.clear();
  facts_.clear();
  entry_bytes_ = 0;
}

}  // namespace mixer_client
