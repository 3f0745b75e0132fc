// One quota of one request: what its pool said, and what Mixer said later; the C++ twin of
// proxy_client/quota/turn.py.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "mixer_client/answer.h"
#include "mixer_client/bag.h"
#include "mixer_client/quota_pools.h"
#include "mixer_client/requests.h"

namespace mixer_client {

/// What one charge took from a pool, and Mixer's answer to it.
class QuotaTurn {
 public:
  /// `asked` is what the pools said to a charge of `amount`.
  QuotaTurn(std::shared_ptr<QuotaPools> pools, int64_t amount, QuotaPools::Asked asked);

  /// The quota.
  std::string_view name() const { return pools_->name(); }
  bool is_granted() const { return asked_.answer.is_granted; }
  /// Whether it is known in which pool Mixer counts the request.
  bool is_known() const { return asked_.is_known; }
  bool is_asking() const { return asked_.answer.prefetch || !is_known(); }
  /// What to ask of Mixer: tokens, or else in which pool it counts such a request.
  QuotaRequest request() const;

  /// The request does not pass, so it pays nothing.
  void give_back();
  /// Mixer said nothing about this quota: requests pass, for a while.
  void fail(double now_s);
  /// Mixer granted nothing, without a word about this quota.
  void refuse(double now_s);
  /// Keeps what was granted, in the pool in which Mixer counts the request. `bag` has the request's
  /// attributes; it may be null when the pool is known.
  void grant(const QuotaResult& result, Bag* bag, double now_s);

 private:
  int64_t leave(double now_s);

  std::shared_ptr<QuotaPools> pools_;
  int64_t amount_;
  QuotaPools::Asked asked_;
};

}  // namespace mixer_client
