#include "mixer_client/quota_pools.h"

#include <utility>

#include "mixer_client/conditions.h"

namespace mixer_client {
namespace {

// A pool that nobody asked for so long is forgotten.
constexpr double kIdleS = 600;

struct Filed : Indexed {
  explicit Filed(std::shared_ptr<TokenPool> pool) : pool(std::move(pool)) {}

  // Of a pool with the grants and calls that it has on average, as they come from the allocator.
  uint32_t bytes() const override { return 512; }

  std::shared_ptr<TokenPool> pool;
};

bool is_idle(const TokenPool& pool, double now_s) { return now_s - pool.asked_s() >= kIdleS; }

}  // namespace

std::shared_ptr<TokenPool> QuotaPools::find(Bag& bag, double now_s) {
  auto* found =
      filed_.find(bag, [&](Indexed& it) { return !is_idle(*static_cast<Filed&>(it).pool, now_s); });
  return found ? static_cast<Filed*>(found)->pool : nullptr;
}

const std::shared_ptr<TokenPool>& QuotaPools::unfiled(double now_s) {
  if (!unfiled_ || is_idle(*unfiled_, now_s)) unfiled_ = std::make_shared<TokenPool>(now_s);
  return unfiled_;
}

QuotaPools::Asked QuotaPools::ask(Bag& bag, int64_t amount, double now_s) {
  auto pool = find(bag, now_s);
  bool is_known = pool != nullptr;
  if (!is_known) pool = unfiled(now_s);
  auto answer = pool->ask(amount, now_s);
  return {std::move(pool), is_known, std::move(answer)};
}

std::shared_ptr<TokenPool> QuotaPools::learn(Bag& bag, const ReferencedAttributes& told,
                                             std::shared_ptr<TokenPool> asked, double now_s) {
  if (auto known = find(bag, now_s)) return known;
  auto found = conditions(told, bag);
  if (!found) return asked;
  if (asked == unfiled_) {
    unfiled_ = nullptr;
  } else {
    asked = std::make_shared<TokenPool>(now_s);
  }
  filed_.put(bag, *found, std::make_unique<Filed>(asked));
  return asked;
}

}  // namespace mixer_client
