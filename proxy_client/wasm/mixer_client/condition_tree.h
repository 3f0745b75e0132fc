// A tree that finds what fits a request without trying one learnt shape after the other; the C++
// twin of proxy_client/conditions/tree.py.
//
// An entry depends on facts. A node tells entries apart by groups: a group looks at one place (an
// attribute, or a key of one), and has a child for each value observed there, and one for absence.
// An entry hangs in exactly one group, under one of its facts, and deeper down under its others.
// Where few entries are left they are not told apart any more but tried.
//
// - A place about which all entries of a node know something, as a policy's first question, is its
//   only group: one look-up, whatever the number of shapes. Where there are several, it is the one
//   with the most values.
// - Else an entry hangs under the fact that the fewest others share. A request visits the groups of
//   attributes (of which one configuration knows a fixed number), and those groups of keys that its
//   own maps have, so that it costs what the request is large, not what was learnt.
// - For absent keys no such intersection exists. So an entry hangs under what must be present
//   first, and groups for absent keys come last.
// - A node gets groups as entries come in, so their order decides. When it has twice as many as
//   when they were made, they are made again from all its entries, as long as those are not so many
//   that requests would wait for it.
//
// Searching allocates nothing, and asks the bag for nothing but what it compares. It calls itself
// only where a request has several ways to go, and not deeper than an entry has facts.
#pragma once

#include <cstdint>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/condition_node.h"

namespace mixer_client {

class ConditionTree {
 public:
  ConditionTree() : root_(nullptr, nullptr) {}
  ConditionTree(const ConditionTree&) = delete;
  ConditionTree& operator=(const ConditionTree&) = delete;

  /// An entry that a request fits; null when there is none.
  Entry* find(Bag& bag) const;
  /// The entry with exactly these facts, sorted by address, all of which hold for the request.
  Entry* find(Bag& bag, const std::vector<const Fact*>& facts) const;
  /// Takes in an entry; there must be none with the same facts.
  void add(Entry& entry);
  /// Takes out an entry, and the branches that held nothing else.
  void remove(Entry& entry);
  /// Forgets all entries.
  void clear();

 private:
  Node root_;
};

}  // namespace mixer_client
