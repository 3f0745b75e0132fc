// Decides quotas from tokens that were fetched before; the C++ twin of proxy_client/quota/cache.py.
//
// - While the policy's answer is not in the cache, Mixer is asked for just what the request takes.
// - Later, each quota's pool of tokens answers at once. What is asked of Mixer then is for the sake
//   of later requests, and nobody waits for it: tokens, when the pool wants some; for a request
//   whose pool is not known yet, at least its own charge, to learn what Mixer counts it by.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/quota_charge.h"
#include "mixer_client/quota_decision.h"
#include "mixer_client/quota_turn.h"

namespace mixer_client {

class QuotaCache {
 public:
  /// Keeps up to `max_pools` pools of each quota (see QuotaPools::kMaxBytes, too), of up to 100
  /// quotas; 0 for no cache. With `is_fail_open` a pool whose call for tokens failed acts as if it
  /// had got them all, else as if it had got none.
  QuotaCache(uint32_t max_pools, bool is_fail_open);

  /// Takes tokens for a request: for each of its quotas, or for none of them. Null when they were
  /// all there and nothing is to be asked: the usual case, which allocates nothing. `use_cache`
  /// says that the policy is known to let the request pass; else the decision is left to Mixer. The
  /// decision keeps a copy of what it needs of the bag and the charges. `now_ns` is of a clock that
  /// never steps back.
  std::unique_ptr<QuotaDecision> decide(Bag& bag, const Charges& charges, bool use_cache,
                                        uint64_t now_ns);
  /// Forgets all, as when memory is low; decisions that are open stay valid.
  void clear();

 private:
  std::unique_ptr<QuotaDecision> decision(Bag& bag);
  const std::shared_ptr<QuotaPools>& pools(std::string_view name);

  uint32_t max_pools_;
  bool is_fail_open_;
  std::vector<std::shared_ptr<QuotaPools>> quotas_;  // the one met first goes first
  std::vector<QuotaTurn> turns_;  // of the request that is being decided; kept for its room
};

}  // namespace mixer_client
