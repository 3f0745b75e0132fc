// What is decided about the quotas of one request, now or by Mixer's answer; the C++ twin of
// proxy_client/quota/decision.py.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "mixer_client/answer.h"
#include "mixer_client/quota_charge.h"
#include "mixer_client/requests.h"
#include "mixer_client/verdict.h"

namespace mixer_client {

/// What becomes of the quotas of one request. When there are `requests`, they are to be sent, and
/// then exactly one of `answered` and `policy_denied` is to be called; more calls change nothing.
class QuotaDecision {
 public:
  virtual ~QuotaDecision() = default;

  /// Whether `status` is final; if not, it is `answered` that tells.
  bool is_decided = true;
  /// OK, or RESOURCE_EXHAUSTED; OK too while it is not decided.
  Status status;
  /// What is to be asked of Mixer, whether or not anybody waits for it.
  std::vector<QuotaRequest> requests;

  /// Takes Mixer's answer, null if there was none, and tells the final status.
  virtual Status answered(const CheckAnswer* answer, uint64_t now_ns) = 0;
  /// Takes an answer that denied the request for other reasons, and so left quotas out.
  virtual Status policy_denied(uint64_t now_ns) = 0;
};

/// A decision that is Mixer's: it charges exactly what this request takes.
///
/// For requests whose policy is unknown: tokens that were taken from a pool, or granted to one,
/// would be paid for a request that may be denied.
std::unique_ptr<QuotaDecision> leave_to_mixer(const Charges& charges);

/// The status when these quotas are used up; OK for none.
Status exhausted(const std::vector<std::string_view>& names);

}  // namespace mixer_client
