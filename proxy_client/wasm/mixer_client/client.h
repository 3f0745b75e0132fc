// The client of a Mixer: asks it as rarely as can be; the C++ twin of proxy_client/client.py.
//
// A Check that the caches can answer takes no call and no memory. All else is one call that brings
// the policy's answer and quota at once; nobody waits for calls that fetch quota for later
// requests.
#pragma once

#include <cstdint>
#include <memory>

#include "mixer_client/asker.h"
#include "mixer_client/check_cache.h"
#include "mixer_client/quota.h"
#include "mixer_client/settings.h"
#include "mixer_client/statistics.h"

namespace mixer_client {

class Client {
 public:
  /// `settings` and the others must outlive this. `seed` makes its calls differ from those of other
  /// clients.
  Client(const Settings& settings, Host& host, Statistics& statistics, WordCount& words,
         uint64_t seed);

  /// Whether a request may pass. If the caches do not know, the host is told later, unless the
  /// question is cancelled.
  Asked check(uint32_t asker, Bag& bag, const Charges& charges);
  void cancel(uint64_t question) { asker_.cancel(question); }
  /// Whether this call was of a Check.
  bool take(proxy::Token token, const proxy::GrpcAnswer& answer) {
    return asker_.take(token, answer);
  }
  void on_tick() { asker_.on_tick(); }
  /// Empties the caches, as when memory is low.
  void forget();

 private:
  Asked take_quota(uint32_t asker, Bag& bag, const Charges& charges, const Verdict& known);
  Asked ask_policy(uint32_t asker, Bag& bag, const Charges& charges);
  Asked hit_quota(const Verdict& known);

  const Transport& transport_;
  Host& host_;
  Statistics& statistics_;
  CheckCache checks_;
  QuotaCache quotas_;
  Asker asker_;
  Verdict verdict_;  // the latest about quota that came at once
};

}  // namespace mixer_client
