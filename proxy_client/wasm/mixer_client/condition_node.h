// The parts of a condition tree: entries, nodes, and the groups of a node's children. How the tree
// works as a whole is told in condition_tree.h.
#pragma once

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "mixer_client/condition_facts.h"

namespace mixer_client {

/// What an index keeps; what is found is cast back by the owner.
struct Indexed {
  virtual ~Indexed() = default;
  /// About how much memory it holds beside itself. Must not change.
  virtual uint32_t bytes() const { return 0; }
};

struct Node;

/// A value, and the facts on which it depends.
struct Entry {
  std::unique_ptr<Indexed> value;
  /// First those that are open: that the way from the root to its node does not tell. Then those
  /// that it does tell, the one next to the root last.
  std::vector<const Fact*> facts;
  uint32_t open_count;
  Node* node = nullptr;
  Entry* next = nullptr;                     // of the same node
  std::list<Entry>::iterator position = {};  // in the index

  /// Notes that the way to this entry tells an open fact.
  void know(const Fact* fact);
  /// The open fact about a place; null when there is none.
  const Fact* open_at(const Place* place) const;
  bool fits(Bag& bag) const;
};

/// The children of a node that look at the same place.
struct Group {
  struct ByValue {
    bool operator()(const Value& one, const Value& other) const { return compare(one, other) < 0; }
  };

  std::map<Value, std::unique_ptr<Node>, ByValue> present;
  std::unique_ptr<Node> absent;

  /// The child for what is observed; null when there is none.
  Node* child(const Observed& observed) const;
  Node* child(const Fact* fact) const;
  bool is_empty() const { return present.empty() && absent == nullptr; }
};

/// The children of a node.
struct Groups {
  /// About what all entries knew something when the groups were made; null for nothing.
  const Place* shared = nullptr;
  /// With more groups than this they are to be made again.
  uint32_t max_count = 0;
  std::map<const Place*, Group, ByPlace> by_place;
  /// The children for keys that are absent.
  std::map<const Place*, Node*, ByPlace> absent_keys;

  /// Under which of its open facts an entry is to hang; there is at least one.
  const Fact* choose(const Entry& entry) const;
  /// The child for a fact, made when there is none.
  Node* child(const Fact* fact, Node* parent);
  /// Forgets a child, and its group when that has no other.
  void drop(const Fact* fact);
};

/// Entries, told apart by groups or, when they are few, not at all.
struct Node {
  Node(Node* parent, const Fact* fact);

  Node* parent;
  /// What is known here beside what is known in the parent; null in the root.
  const Fact* fact;
  /// How much is known here.
  uint32_t depth;
  /// How many entries are here and below.
  uint32_t count = 0;
  /// How many entries are here. In a node with groups, it is the one for which all is known.
  uint32_t own_count = 0;
  Entry* entries = nullptr;
  std::unique_ptr<Groups> groups;

  /// Holds an entry from now on; to be counted by the caller.
  void take(Entry& entry);
  void release(Entry& entry);
  /// Whether it has many more groups than when they were made.
  bool is_crowded() const { return groups && groups->by_place.size() > groups->max_count; }
};

/// How well a fact tells entries apart, the smallest best: what is absent comes last, for that is
/// asked of each request.
struct Rank {
  bool is_absent;
  uint32_t shared_by;
  uint32_t tie;

  auto operator<=>(const Rank&) const = default;
};

/// The open fact of an entry with the smallest rank; there is at least one.
template <class RankOf>
const Fact* best_open(const Entry& entry, RankOf rank_of) {
  uint32_t best = 0;
  Rank best_rank = rank_of(entry.facts[0]);
  for (uint32_t i = 1; i < entry.open_count; ++i) {
    Rank rank = rank_of(entry.facts[i]);
    if (best_rank <= rank) continue;
    best = i;
    best_rank = rank;
  }
  return entry.facts[best];
}

}  // namespace mixer_client
