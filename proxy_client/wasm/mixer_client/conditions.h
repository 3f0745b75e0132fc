// What an answer depends on; the C++ twin of proxy_client/conditions/referenced.py, where the ways
// in which a reference can be meant are told.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mixer_client/answer.h"
#include "mixer_client/bag.h"

namespace mixer_client {

/// One thing that a request must have in common with the one that was answered.
struct Condition {
  Name name;
  /// What was looked up in the attribute, when it was a map that was there.
  std::optional<std::string> key;
  /// Whether there was a value: then it must be the same one, else none.
  bool is_present;

  auto operator<=>(const Condition&) const = default;
};

using Conditions = std::vector<Condition>;

/// What the references of an answer to this request mean for others: sorted, none of it twice.
/// Nothing when the answer is not to be used again. Names that no request can have say nothing when
/// they had to be absent.
std::optional<Conditions> conditions(const ReferencedAttributes& referenced, Bag& bag);

}  // namespace mixer_client
