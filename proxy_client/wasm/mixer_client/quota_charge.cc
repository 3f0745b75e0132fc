#include "mixer_client/quota_charge.h"

#include <algorithm>

namespace mixer_client {

void add(const QuotaCharge& charge, Charges& charges) {
  auto same = std::find_if(charges.begin(), charges.end(),
                           [&](const Charge& other) { return other.name == charge.name; });
  if (same == charges.end()) {
    charges.push_back({charge.name, charge.amount});
  } else {
    same->amount = std::min(charge.amount, kMaxAmount - same->amount) + same->amount;
  }
}

}  // namespace mixer_client
