#include "mixer_client/quota.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mixer_client {
namespace {

constexpr size_t kMaxQuotaCount = 100;  // more than anybody configures

double seconds(uint64_t ns) { return static_cast<double>(ns) / 1e9; }

// A decision that was made from tokens. If Mixer is asked, it is for the sake of later requests.
class Prefetching final : public QuotaDecision {
 public:
  Prefetching(std::vector<QuotaTurn> turns, Status found, Bag& bag, bool is_fail_open)
      : turns_(std::move(turns)), is_fail_open_(is_fail_open) {
    status = std::move(found);
    for (auto& turn : turns_) {
      requests.push_back(turn.request());
      if (!turn.is_known() && !bag_) bag_ = std::make_unique<KeptBag>(bag);
    }
  }

  // Fills the pools; the status stays.
  Status answered(const CheckAnswer* answer, uint64_t now_ns) override {
    for (auto& turn : std::exchange(turns_, {})) settle(turn, answer, seconds(now_ns));
    return status;
  }

  // Fills no pool; the status stays.
  Status policy_denied(uint64_t now_ns) override {
    for (auto& turn : std::exchange(turns_, {})) turn.refuse(seconds(now_ns));
    return status;
  }

 private:
  void settle(QuotaTurn& turn, const CheckAnswer* answer, double now_s) {
    auto* result = answer ? answer->quota(turn.name()) : nullptr;
    if (result) {
      turn.grant(*result, bag_.get(), now_s);
    } else if (answer || is_fail_open_) {
      turn.fail(now_s);  // a quota that Mixer knows nothing of does not limit
    } else {
      turn.refuse(now_s);
    }
  }

  std::vector<QuotaTurn> turns_;
  std::unique_ptr<KeptBag> bag_;  // when there is something to learn
  bool is_fail_open_;
};

}  // namespace

QuotaCache::QuotaCache(uint32_t max_pools, bool is_fail_open)
    : max_pools_(max_pools), is_fail_open_(is_fail_open) {}

std::unique_ptr<QuotaDecision> QuotaCache::decide(Bag& bag, const Charges& charges, bool use_cache,
                                                  uint64_t now_ns) {
  if (charges.empty()) return nullptr;
  if (!use_cache || max_pools_ == 0) return leave_to_mixer(charges);
  for (auto& charge : charges) {
    auto& pools = this->pools(charge.name);
    turns_.emplace_back(pools, charge.amount, pools->ask(bag, charge.amount, seconds(now_ns)));
  }
  auto decision = this->decision(bag);
  turns_.clear();
  return decision;
}

std::unique_ptr<QuotaDecision> QuotaCache::decision(Bag& bag) {
  std::vector<std::string_view> refused;
  std::vector<QuotaTurn> asking;
  for (auto& turn : turns_) {
    if (!turn.is_granted()) refused.push_back(turn.name());
  }
  for (auto& turn : turns_) {
    if (!refused.empty()) turn.give_back();
    if (turn.is_asking()) asking.push_back(std::move(turn));
  }
  if (refused.empty() && asking.empty()) return nullptr;
  return std::make_unique<Prefetching>(std::move(asking), exhausted(refused), bag, is_fail_open_);
}

void QuotaCache::clear() { quotas_.clear(); }

const std::shared_ptr<QuotaPools>& QuotaCache::pools(std::string_view name) {
  auto found = std::find_if(quotas_.begin(), quotas_.end(),
                            [&](const auto& pools) { return pools->name() == name; });
  if (found != quotas_.end()) return *found;
  if (quotas_.size() == kMaxQuotaCount) quotas_.erase(quotas_.begin());
  return quotas_.emplace_back(std::make_shared<QuotaPools>(name, max_pools_));
}

}  // namespace mixer_client
