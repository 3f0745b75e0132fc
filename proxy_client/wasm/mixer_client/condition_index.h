// A bounded table of values by the conditions under which they may be used.
//
// What is not kept: a value with more than 256 conditions, and one that takes, with all that is
// observed for it, more than 64 KiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "mixer_client/condition_facts.h"
#include "mixer_client/condition_tree.h"
#include "mixer_client/conditions.h"

namespace mixer_client {

/// The value used longest ago goes first when there are too many, or when they take too much
/// memory.
class ConditionIndex {
 public:
  static constexpr size_t kMaxBytes = 16 * 1024 * 1024;
  static constexpr size_t kMaxConditions = 256;
  static constexpr size_t kMaxValueBytes = 64 * 1024;

  /// Holds so many values, and none with 0, in about so much memory.
  explicit ConditionIndex(uint32_t max_count, size_t max_bytes = kMaxBytes)
      : max_count_(max_count), max_bytes_(max_bytes) {}

  /// A value whose conditions the request meets and that `accept(Indexed&) -> bool` takes; null
  /// when there is none. Values that it does not take are removed, and the search goes on. `accept`
  /// must not change the index.
  template <class Accept>
  Indexed* find(Bag& bag, Accept accept) {
    while (Entry* entry = tree_.find(bag)) {
      if (accept(*entry->value)) {
        touch(*entry);
        return entry->value.get();
      }
      remove(*entry);
    }
    return nullptr;
  }
  /// Keeps a value for all requests that look like this one where the conditions look, in place of
  /// what is kept for the same. Nothing is kept when the request does not meet them.
  void put(Bag& bag, const Conditions& conditions, std::unique_ptr<Indexed> value);
  /// Removes what `put` keeps for these.
  void discard(Bag& bag, const Conditions& conditions);
  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  /// About how much memory all of it takes.
  size_t bytes() const { return entry_bytes_ + facts_.bytes(); }
  void clear();

 private:
  Entry* kept(Bag& bag, const Conditions& conditions) const;
  void add(Bag& bag, const Conditions& conditions, std::unique_ptr<Indexed> value);
  void touch(Entry& entry) { entries_.splice(entries_.end(), entries_, entry.position); }
  void remove(Entry& entry);
  void shrink();

  uint32_t max_count_;
  size_t max_bytes_;
  size_t entry_bytes_ = 0;
  Facts facts_;
  std::list<Entry> entries_;  // the one used longest ago first
  ConditionTree tree_;
};

}  // namespace mixer_client
