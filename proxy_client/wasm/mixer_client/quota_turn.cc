#include "mixer_client/quota_turn.h"

#include <string>
#include <utility>

namespace mixer_client {
namespace {

constexpr int64_t kNsPerS = 1'000'000'000;

// Whole seconds and the rest apart, as they came, so that none are lost to rounding.
double life_s(const QuotaResult& result) {
  if (!result.valid_duration_ns) return kProvisionalLifeS;
  auto ns = *result.valid_duration_ns;
  return static_cast<double>(ns / kNsPerS) + static_cast<double>(ns % kNsPerS) / kNsPerS;
}

}  // namespace

QuotaTurn::QuotaTurn(std::shared_ptr<QuotaPools> pools, int64_t amount, QuotaPools::Asked asked)
    : pools_(std::move(pools)), amount_(amount), asked_(std::move(asked)) {}

QuotaRequest QuotaTurn::request() const {
  auto& prefetch = asked_.answer.prefetch;
  return {std::string(name()), prefetch ? prefetch->amount : amount_, prefetch != nullptr};
}

void QuotaTurn::give_back() { asked_.pool->give_back(std::exchange(asked_.answer.taken, {})); }

void QuotaTurn::fail(double now_s) {
  if (asked_.answer.prefetch) asked_.pool->fail(*asked_.answer.prefetch, now_s);
}

void QuotaTurn::refuse(double now_s) {
  if (asked_.answer.prefetch) asked_.pool->grant(*asked_.answer.prefetch, 0, 0, now_s);
}

void QuotaTurn::grant(const QuotaResult& result, Bag* bag, double now_s) {
  auto pool = asked_.pool;
  auto& prefetch = asked_.answer.prefetch;
  if (!is_known()) pool = pools_->learn(*bag, result.referenced, pool, now_s);
  auto granted = result.granted_amount;
  if (pool == asked_.pool && prefetch) {
    pool->grant(*prefetch, granted, life_s(result), now_s);
    return;
  }
  auto wanted = prefetch ? prefetch->amount : amount_;
  auto paid = pool == asked_.pool ? 0 : leave(now_s);
  if (granted > paid) pool->keep(granted - paid, life_s(result), now_s);
  if (granted < wanted) pool->close(now_s);
}

// Makes undone what the request did to the pool that is not its own; tells what it owes.
int64_t QuotaTurn::leave(double now_s) {
  auto owed = asked_.answer.taken.sum();
  give_back();
  if (asked_.answer.prefetch) asked_.pool->withdraw(*asked_.answer.prefetch, now_s);
  return owed;
}

}  // namespace mixer_client
