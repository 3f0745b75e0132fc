#include "mixer_client/quota_decision.h"

#include <string>

namespace mixer_client {
namespace {

// A quota that Mixer could not look at is not refused.
bool is_refused(const QuotaResult& result) {
  return result.granted_amount <= 0 && result.status_code != kUnavailable;
}

class LeftToMixer final : public QuotaDecision {
 public:
  explicit LeftToMixer(const Charges& charges) {
    is_decided = false;
    for (auto& charge : charges) {
      requests.push_back({std::string(charge.name), charge.amount, false});
    }
  }

  // No answer, or none for a quota, refuses none.
  Status answered(const CheckAnswer* answer, uint64_t) override {
    std::vector<std::string_view> refused;
    for (auto& asked : requests) {
      auto* result = answer ? answer->quota(asked.name) : nullptr;
      if (result && is_refused(*result)) refused.push_back(asked.name);
    }
    return exhausted(refused);
  }

  Status policy_denied(uint64_t) override { return {}; }  // Mixer charged nothing
};

}  // namespace

std::unique_ptr<QuotaDecision> leave_to_mixer(const Charges& charges) {
  return std::make_unique<LeftToMixer>(charges);
}

Status exhausted(const std::vector<std::string_view>& names) {
  Status status;
  for (auto name : names) {
    status.message += status.is_ok() ? "Quota is exhausted for: " : ",";
    status.message += name;
    status.code = kResourceExhausted;
  }
  return status;
}

}  // namespace mixer_client
