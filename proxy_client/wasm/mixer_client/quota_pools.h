// The token pools of one quota, by what Mixer told they depend on; the C++ twin of
// proxy_client/quota/pools.py.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mixer_client/answer.h"
#include "mixer_client/bag.h"
#include "mixer_client/condition_index.h"
#include "mixer_client/token_pool.h"

namespace mixer_client {

/// Finds the pool for a request.
///
/// Mixer counts requests apart by attributes that only it knows. It tells them with each answer;
/// until then requests share one pool, the *unfiled* one. The first answer files that pool under
/// its conditions. Later answers to requests that used it too, but are counted apart, file pools of
/// their own.
///
/// Pools are shared with the calls that will fill them: one may be forgotten meanwhile.
class QuotaPools {
 public:
  /// About so much memory the filed ones take at most.
  static constexpr size_t kMaxBytes = 8 * 1024 * 1024;

  /// `max_pools` are filed at most.
  QuotaPools(std::string_view name, uint32_t max_pools)
      : name_(name), filed_(max_pools, kMaxBytes) {}

  /// The quota.
  const std::string& name() const { return name_; }

  struct Asked {
    std::shared_ptr<TokenPool> pool;
    /// Whether it is the one in which Mixer counts the request.
    bool is_known;
    Ask answer;
  };
  /// Takes `amount` tokens from the pool of these attributes, or else the unfiled one.
  Asked ask(Bag& bag, int64_t amount, double now_s);
  /// The pool that an answer belongs to, which is known from now on.
  ///
  /// That is `asked`, the one that the request used, unless it was filed for others meanwhile. It
  /// stays unfiled when what was told makes no sense, or does not hold for the request.
  std::shared_ptr<TokenPool> learn(Bag& bag, const ReferencedAttributes& told,
                                   std::shared_ptr<TokenPool> asked, double now_s);

 private:
  std::shared_ptr<TokenPool> find(Bag& bag, double now_s);
  const std::shared_ptr<TokenPool>& unfiled(double now_s);

  std::string name_;
  ConditionIndex filed_;
  std::shared_ptr<TokenPool> unfiled_;
};

}  // namespace mixer_client
