// Calls under way that requests of the same kind wait for; the C++ twin of proxy_client/flights.py,
// where it is said why.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "mixer_client/bag.h"

namespace mixer_client {

/// What a request is to do about its call.
enum class Seat : uint8_t {
  Leads,    // make it; others may wait for it, until it lands
  Follows,  // wait for the one that is made
  Alone,    // make it; nobody will wait for it
};

class Flights {
 public:
  /// Calls that others may wait for; further ones are made alone.
  static constexpr uint32_t kMaxCount = 1024;

  explicit Flights(const Names& names) : names_(names) {}

  /// A hash of what is equal for requests that will most likely get the same answer.
  uint64_t kind(Bag& bag);
  /// What request `number` is to do, which is of this kind. The bag of one that leads must stay
  /// until it lands.
  Seat board(uint64_t kind, Bag& bag, uint64_t number);
  /// Forgets one that waits for a call of this kind.
  void leave(uint64_t kind, uint64_t number);
  /// Ends what one of this kind leads; gives those who wait for it, the first one first.
  std::set<uint64_t> land(uint64_t kind);

 private:
  // What never decides, such as ids and times, makes no difference.
  enum class Part : uint8_t { Whole, Headers, Ignored };

  struct Flight {
    Bag* bag;
    std::set<uint64_t> waiting;  // each is a request, so there are no more than of these
  };

  void learn_names();
  bool is_same_kind(Bag& one, Bag& other) const;

  const Names& names_;
  std::vector<Part> parts_;  // by name
  std::map<uint64_t, Flight> flights_;
};

}  // namespace mixer_client
