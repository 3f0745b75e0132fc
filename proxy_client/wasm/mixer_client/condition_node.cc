#include "mixer_client/condition_node.h"

#include <algorithm>

namespace mixer_client {

void Entry::know(const Fact* fact) {
  auto open_end = facts.begin() + open_count;
  std::iter_swap(std::find(facts.begin(), open_end, fact), open_end - 1);
  --open_count;
}

const Fact* Entry::open_at(const Place* place) const {
  auto open_end = facts.begin() + open_count;
  auto found =
      std::find_if(facts.begin(), open_end, [&](auto* fact) { return fact->place == place; });
  return found == open_end ? nullptr : *found;
}

bool Entry::fits(Bag& bag) const {
  return std::all_of(facts.begin(), facts.begin() + open_count,
                     [&](auto* fact) { return fact->holds(bag); });
}

Node* Group::child(const Observed& observed) const {
  if (observed.state == Observed::State::Absent) return absent.get();
  if (observed.state == Observed::State::Unfit) return nullptr;
  auto found = present.find(observed.value);
  return found == present.end() ? nullptr : found->second.get();
}

Node* Group::child(const Fact* fact) const {
  auto state = fact->is_present ? Observed::State::Present : Observed::State::Absent;
  return child(Observed{state, fact->value});
}

const Fact* Groups::choose(const Entry& entry) const {
  if (auto* fact = entry.open_at(shared)) return fact;
  return best_open(entry, [&](const Fact* fact) {
    auto group = by_place.find(fact->place);
    if (group == by_place.end()) return Rank{!fact->is_present, 0, 1};
    auto* child = group->second.child(fact);
    return Rank{!fact->is_present, child == nullptr ? 0 : child->count, 0};
  });
}

Node* Groups::child(const Fact* fact, Node* parent) {
  auto& group = by_place[fact->place];
  auto& child = fact->is_present ? group.present[fact->value] : group.absent;
  if (child == nullptr) {
    child = std::make_unique<Node>(parent, fact);
    if (!fact->is_present && fact->place->key) absent_keys[fact->place] = child.get();
  }
  return child.get();
}

void Groups::drop(const Fact* fact) {
  auto group = by_place.find(fact->place);
  if (fact->is_present) {
    group->second.present.erase(fact->value);
  } else {
    group->second.absent.reset();
    absent_keys.erase(fact->place);
  }
  if (!group->second.is_empty()) return;
  if (shared == fact->place) shared = nullptr;  // which may end with its last fact
  by_place.erase(group);
}

Node::Node(Node* parent, const Fact* fact)
    : parent(parent), fact(fact), depth(parent == nullptr ? 0 : parent->depth + 1) {}

void Node::take(Entry& entry) {
  entry.node = this;
  entry.next = entries;
  entries = &entry;
  ++own_count;
}

void Node::release(Entry& entry) {
  Entry** link = &entries;
  while (*link != &entry) link = &(*link)->next;
  *link = entry.next;
  entry.node = nullptr;
  --own_count;
}

}  // namespace mixer_client
