// What requests pay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixer_client {

/// The most that the protocol can say.
inline constexpr int64_t kMaxAmount = INT64_MAX;

/// What a rule takes of one quota, as it is configured.
struct QuotaCharge {
  std::string name;
  int64_t amount = 1;  // at least 1

  bool operator==(const QuotaCharge&) const = default;
};

/// What one request takes of one quota. It does not own the name, so that no request copies it.
struct Charge {
  std::string_view name;
  int64_t amount;

  bool operator==(const Charge&) const = default;
};

/// One for each quota.
using Charges = std::vector<Charge>;

/// Charges a request; what is charged twice for one quota is added up, as a call to Mixer names
/// each quota once.
void add(const QuotaCharge& charge, Charges& charges);
void add(QuotaCharge&& charge, Charges& charges) = delete;  // its name would be gone

}  // namespace mixer_client
