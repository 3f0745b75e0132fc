// The policy answers that may be used again; the C++ twin of proxy_client/check_cache.py.
//
// How long: until `valid_duration` has passed since the answer came, without that field for ever;
// and `valid_use_count` more times: 0 (as when the field is missing) not at all, below 0 without
// limit. All verdicts are kept, denials like approvals; but none of those that condition_index.h
// calls too large, where the verdict's texts count, too.
#pragma once

#include <cstdint>

#include "mixer_client/answer.h"
#include "mixer_client/bag.h"
#include "mixer_client/condition_index.h"
#include "mixer_client/verdict.h"

namespace mixer_client {

class CheckCache {
 public:
  /// Holds so many answers, and none with 0.
  explicit CheckCache(uint32_t max_count) : answers_(max_count) {}

  /// The verdict on requests that look like this one to the policy, or null; uses it once. Valid
  /// until the cache changes. `now_ns` is of a clock that never jumps.
  const Verdict* find(Bag& bag, uint64_t now_ns);
  /// The verdict of an answer that came for these attributes; kept if it may be used again. With
  /// `is_fail_open`, an INTERNAL from Mixer lets the request pass, as if it were no answer.
  Verdict store(Bag& bag, CheckAnswer answer, bool is_fail_open, uint64_t now_ns);
  /// How many answers there are, with those that are out of date and not yet noticed.
  uint32_t size() const { return answers_.size(); }
  /// Forgets all, as when memory is low.
  void clear() { answers_.clear(); }

 private:
  ConditionIndex answers_;
};

}  // namespace mixer_client
