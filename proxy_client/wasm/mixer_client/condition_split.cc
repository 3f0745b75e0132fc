#include "mixer_client/condition_split.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mixer_client {
namespace {

constexpr uint32_t kFew = 4;        // entries are tried one by one
constexpr uint32_t kFewGroups = 4;  // are no crowd

using Entries = std::vector<Entry*>;

template <class Visit>
void each_open(const Entries& entries, Visit visit) {
  for (auto* entry : entries) {
    for (uint32_t i = 0; i < entry->open_count; ++i) visit(entry->facts[i]);
  }
}

/// Counts how many entries have an open fact, or one about a place, for as long as it lives.
class Tally {
 public:
  explicit Tally(const Entries& entries) : entries_(entries) {
    each_open(entries, [](auto* fact) {
      if (fact->tally++ == 0) ++fact->place->value_tally;
      ++fact->place->entry_tally;
    });
  }
  ~Tally() {
    each_open(entries_, [](auto* fact) {
      fact->tally = fact->place->value_tally = fact->place->entry_tally = 0;
    });
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /// The place that all entries have, and by which most can be told apart; null for none.
  const Place* shared() const {
    const Place* best = nullptr;
    for (uint32_t i = 0; i < entries_[0]->open_count; ++i) {
      auto* place = entries_[0]->facts[i]->place;
      if (place->entry_tally < entries_.size()) continue;
      if (best == nullptr || place->value_tally > best->value_tally) best = place;
    }
    return best;
  }

 private:
  const Entries& entries_;
};

// Of facts that equally many share it is one about a place that many have: so groups are few.
Rank rank(const Fact* fact) {
  return {!fact->is_present, fact->tally, UINT32_MAX - fact->place->entry_tally};
}

// Takes out of a node all entries that have open facts.
Entries take_open(Node& node) {
  Entries open;
  for (Entry* entry = std::exchange(node.entries, nullptr); entry != nullptr;) {
    Entry* next = entry->next;
    --node.own_count;
    if (entry->open_count > 0) {
      open.push_back(entry);
    } else {
      node.take(*entry);
    }
    entry = next;
  }
  return open;
}

// The facts under which entries are to hang, in their order.
std::vector<const Fact*> choose(const Entries& entries, Groups& groups) {
  Tally tally(entries);
  groups.shared = tally.shared();
  std::vector<const Fact*> chosen;
  for (auto* entry : entries) {
    auto* fact = entry->open_at(groups.shared);
    chosen.push_back(fact != nullptr ? fact : best_open(*entry, rank));
  }
  return chosen;
}

// Gives a node groups, and says which of its new children hold many entries.
void split_once(Node& node, std::vector<Node*>& crowded) {
  auto entries = take_open(node);
  node.groups = std::make_unique<Groups>();
  auto chosen = choose(entries, *node.groups);
  for (size_t i = 0; i < entries.size(); ++i) {
    Node* child = node.groups->child(chosen[i], &node);
    entries[i]->know(chosen[i]);
    child->take(*entries[i]);
    if (++child->count == kFew + 1) crowded.push_back(child);
  }
  auto count = std::max<size_t>(node.groups->by_place.size(), kFewGroups);
  node.groups->max_count = static_cast<uint32_t>(2 * count);
}

// Takes all entries out of the children of a node.
void take_below(Node& node, Entries& taken) {
  std::vector<Node*> nodes{&node};
  while (!nodes.empty()) {
    Node* inner = nodes.back();
    nodes.pop_back();
    if (inner != &node) {
      for (Entry* entry = inner->entries; entry != nullptr; entry = entry->next) {
        taken.push_back(entry);
      }
    }
    if (inner->groups == nullptr) continue;
    for (auto& [place, group] : inner->groups->by_place) {
      for (auto& [value, child] : group.present) nodes.push_back(child.get());
      if (group.absent != nullptr) nodes.push_back(group.absent.get());
    }
  }
}

}  // namespace

void split(Node& node) {
  if (node.own_count <= kFew) return;
  std::vector<Node*> crowded{&node};
  while (!crowded.empty()) {
    Node* next = crowded.back();
    crowded.pop_back();
    split_once(*next, crowded);
  }
}

void split_again(Node& node) {
  Entries entries;
  take_below(node, entries);
  for (auto* entry : entries) {
    entry->open_count = static_cast<uint32_t>(entry->facts.size()) - node.depth;
    node.take(*entry);
  }
  node.groups.reset();
  split(node);
}

}  // namespace mixer_client
