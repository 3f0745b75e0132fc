// What was observed where, each such fact kept once for all answers that depend on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mixer_client/bag.h"
#include "mixer_client/conditions.h"
#include "mixer_client/observed.h"

namespace mixer_client {

/// Where something is looked up; it owns none of its bytes.
struct PlaceView {
  Name name;
  std::optional<std::string_view> key;

  /// By name; without a key first; and then what is quickest to compare.
  bool operator<(const PlaceView& other) const {
    if (name != other.name) return name < other.name;
    if (!key || !other.key) return key.has_value() < other.key.has_value();
    if (key->size() != other.key->size()) return key->size() < other.key->size();
    return *key < *other.key;
  }
};

/// An attribute, or a key of one, that some facts are about.
struct Place {
  explicit Place(const PlaceView& view) : name(view.name), key(view.key) {}
  operator PlaceView() const { return {name, key}; }

  Name name;
  std::optional<std::string> key;
  mutable uint32_t fact_count = 0;
  // For those who count entries, see condition_split.cc; 0 at all other times.
  mutable uint32_t entry_tally = 0;
  mutable uint32_t value_tally = 0;
};

struct ByPlace {
  using is_transparent = void;
  bool operator()(const PlaceView& one, const PlaceView& other) const { return one < other; }
  bool operator()(const Place* one, const Place* other) const { return view(one) < view(other); }
  bool operator()(const Place* one, const PlaceView& other) const { return view(one) < other; }
  bool operator()(const PlaceView& one, const Place* other) const { return one < view(other); }

 private:
  static PlaceView view(const Place* place) { return *place; }
};

/// What is observed at a place.
struct FactView {
  const Place* place;
  bool is_present;
  Value value;  // of what is present
};

struct Fact : FactView {
  explicit Fact(const FactView& view);
  Fact(const Fact&) = delete;
  Fact& operator=(const Fact&) = delete;

  /// Whether a request shows it, too.
  bool holds(Bag& bag) const;

  std::string text;  // what `value` points to
  /// How many entries depend on it.
  mutable uint32_t uses = 0;
  mutable uint32_t tally = 0;  // see Place
};

/// A table of facts. Ordered, not hashed: values come from clients, who must not be able to make
/// look-ups slow by a choice of values.
class Facts {
 public:
  /// Null when there is no such fact, or when what is observed does not meet the condition.
  const Fact* find(const Condition& condition, const Observed& observed) const;
  /// The same, made when there is none, and in use once more. The condition must be met.
  const Fact* use(const Condition& condition, const Observed& observed);
  /// Ends one use.
  void release(const Fact* fact);
  void clear();
  /// About how much memory they take.
  size_t bytes() const { return bytes_; }

 private:
  struct ByContent {
    using is_transparent = void;
    bool operator()(const FactView& one, const FactView& other) const;
  };

  const Place* place(const PlaceView& view);

  std::set<Place, ByPlace> places_;
  std::set<Fact, ByContent> facts_;
  size_t bytes_ = 0;
};

/// Whether what is observed meets a condition.
bool is_met(const Condition& condition, const Observed& observed);

}  // namespace mixer_client
