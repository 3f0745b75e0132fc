#include "mixer_client/condition_facts.h"

#include <functional>

namespace mixer_client {
namespace {

constexpr size_t kSetOverhead = 32;  // of one element: links, and what the allocator adds

size_t bytes_of(const Fact& fact) { return sizeof(Fact) + fact.text.size() + kSetOverhead; }

size_t bytes_of(const Place& place) {
  return sizeof(Place) + (place.key ? place.key->size() : 0) + kSetOverhead;
}

}  // namespace

Fact::Fact(const FactView& view) : FactView(view) {
  if (has_text(value)) value.text = text = view.value.text;
}

bool Fact::holds(Bag& bag) const {
  auto observed = observe(bag.find(place->name), place->key);
  if (!is_present) return observed.state == Observed::State::Absent;
  return observed.state == Observed::State::Present && is_same(observed.value, value);
}

bool Facts::ByContent::operator()(const FactView& one, const FactView& other) const {
  // Places are there once, so that their addresses tell them apart.
  if (one.place != other.place) return std::less<const Place*>()(one.place, other.place);
  if (!one.is_present || !other.is_present) return one.is_present < other.is_present;
  return compare(one.value, other.value) < 0;
}

const Fact* Facts::find(const Condition& condition, const Observed& observed) const {
  if (!is_met(condition, observed)) return nullptr;
  auto place = places_.find(PlaceView{condition.name, condition.key});
  if (place == places_.end()) return nullptr;
  auto fact = facts_.find(FactView{&*place, condition.is_present, observed.value});
  return fact == facts_.end() ? nullptr : &*fact;
}

const Fact* Facts::use(const Condition& condition, const Observed& observed) {
  auto* place = this->place(PlaceView{condition.name, condition.key});
  FactView view{place, condition.is_present, observed.value};
  auto found = facts_.find(view);
  if (found == facts_.end()) {
    found = facts_.emplace(view).first;
    ++place->fact_count;
    bytes_ += bytes_of(*found);
  }
  ++found->uses;
  return &*found;
}

const Place* Facts::place(const PlaceView& view) {
  auto found = places_.find(view);
  if (found == places_.end()) {
    found = places_.emplace(view).first;
    bytes_ += bytes_of(*found);
  }
  return &*found;
}

void Facts::release(const Fact* fact) {
  if (--fact->uses > 0) return;
  auto* place = fact->place;
  bytes_ -= bytes_of(*fact);
  facts_.erase(facts_.find(*fact));
  if (--place->fact_count > 0) return;
  bytes_ -= bytes_of(*place);
  places_.erase(places_.find(PlaceView(*place)));
}

void Facts::clear() {
  facts_.clear();
  places_.clear();
  bytes_ = 0;
}

bool is_met(const Condition& condition, const Observed& observed) {
  auto state = condition.is_present ? Observed::State::Present : Observed::State::Absent;
  return observed.state == state;
}

}  // namespace mixer_client
