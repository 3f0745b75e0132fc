// How a condition tree is searched.
#include <algorithm>
#include <functional>
#include <span>
#include <vector>

#include "mixer_client/condition_tree.h"

namespace mixer_client {
namespace {

constexpr size_t kFew = 16;  // groups are visited one by one sooner than they are intersected

// Visits the nodes whose facts hold for a request, until one has an entry that `matches`.
template <class Matches>
class Search {
 public:
  Search(Bag& bag, Matches matches) : bag_(bag), matches_(matches) {}

  Entry* from(const Node* node) {
    while (node != nullptr) {
      for (Entry* entry = node->entries; entry != nullptr; entry = entry->next) {
        if (matches_(*entry)) return entry;
      }
      if (node->groups == nullptr) return nullptr;
      // All ways but the last are gone by a call.
      Ways ways{*this};
      visit(*node->groups, ways);
      if (ways.found != nullptr) return ways.found;
      node = ways.last;
    }
    return nullptr;
  }

 private:
  struct Ways {
    Search& search;
    const Node* last = nullptr;
    Entry* found = nullptr;

    void add(const Node* child) {
      if (child == nullptr || found != nullptr) return;
      if (last != nullptr) found = search.from(last);
      last = child;
    }
  };

  using At = decltype(Groups::by_place)::const_iterator;

  void visit(const Groups& groups, Ways& ways) {
    bool is_few = groups.by_place.size() <= kFew;
    for (auto at = groups.by_place.begin(); at != groups.by_place.end() && !ways.found;) {
      auto& [place, group] = *at;
      if (is_few || !place->key) {
        ways.add(group.child(observe_at(*place)));
        ++at;
      } else {
        at = visit_keys(groups, at, ways);
      }
    }
    if (!is_few) visit_absent_keys(groups, ways);
  }

  void visit_absent_keys(const Groups& groups, Ways& ways) {
    for (auto& [place, child] : groups.absent_keys) {
      if (observe_at(*place).state == Observed::State::Absent) ways.add(child);
      if (ways.found != nullptr) return;
    }
  }

  // Visits the groups of all keys of one attribute, of which the first is given, by the keys that
  // the request has. Gives the group behind them.
  At visit_keys(const Groups& groups, At first, Ways& ways) {
    Name name = first->first->name;
    auto* value = bag_.find(name);
    if (value != nullptr && value->type == Type::StringMap) {
      for (auto& entry : std::span(value->map.entries, value->map.size)) {
        auto at = groups.by_place.find(PlaceView{name, entry.name});
        if (at == groups.by_place.end()) continue;
        auto observed = Value::of(Type::String, entry.value);
        ways.add(at->second.child({Observed::State::Present, observed}));
      }
    }
    return groups.by_place.lower_bound(PlaceView{name + 1, {}});
  }

  Observed observe_at(const Place& place) { return observe(bag_.find(place.name), place.key); }

  Bag& bag_;
  Matches matches_;
};

bool has_exactly(const Entry& entry, const std::vector<const Fact*>& facts) {
  return entry.facts.size() == facts.size() &&
         std::all_of(entry.facts.begin(), entry.facts.end(), [&](auto* fact) {
           return std::binary_search(facts.begin(), facts.end(), fact, std::less<>());
         });
}

}  // namespace

Entry* ConditionTree::find(Bag& bag) const {
  return Search(bag, [&](const Entry& entry) { return entry.fits(bag); }).from(&root_);
}

Entry* ConditionTree::find(Bag& bag, const std::vector<const Fact*>& facts) const {
  return Search(bag, [&](const Entry& entry) { return has_exactly(entry, facts); }).from(&root_);
}

}  // namespace mixer_client
