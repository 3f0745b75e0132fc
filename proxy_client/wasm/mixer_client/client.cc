#include "mixer_client/client.h"

#include <utility>

namespace mixer_client {

Client::Client(const Settings& settings, Host& host, Statistics& statistics, WordCount& words,
               uint64_t seed)
    : transport_(settings.transport),
      host_(host),
      statistics_(statistics),
      checks_(transport_.check_cache_entries),
      quotas_(transport_.quota_cache_entries, transport_.is_quota_fail_open),
      asker_({transport_, host, statistics, checks_, words}, settings.names, seed) {}

Asked Client::check(uint32_t asker, Bag& bag, const Charges& charges) {
  statistics_.check_calls.add();
  auto* known = checks_.find(bag, host_.now_ns());
  if (known == nullptr) {
    statistics_.check_cache_misses.add();
    return ask_policy(asker, bag, charges);
  }
  statistics_.check_cache_hits.add();
  if (!known->status.is_ok()) {
    statistics_.check_cache_hit_denies.add();
    return {.verdict = known};
  }
  statistics_.check_cache_hit_accepts.add();
  return charges.empty() ? Asked{.verdict = known} : take_quota(asker, bag, charges, *known);
}

Asked Client::take_quota(uint32_t asker, Bag& bag, const Charges& charges, const Verdict& known) {
  auto decision = quotas_.decide(bag, charges, true, host_.now_ns());
  statistics_.quota_calls.add();
  if (decision && !decision->is_decided) {
    statistics_.quota_cache_misses.add();
    return asker_.ask(asker, bag, std::move(decision), &known);
  }
  statistics_.quota_cache_hits.add();
  if (!decision) return hit_quota(known);
  auto status = decision->status;
  if (!decision->requests.empty()) {
    asker_.ask(kNobody, bag, std::move(decision), &known);
    statistics_.remote_quota_prefetch_calls.add();
  }
  if (status.is_ok()) return hit_quota(known);
  statistics_.quota_cache_hit_denies.add();
  verdict_ = {std::move(status), nullptr, true, true};
  return {.verdict = &verdict_};
}

Asked Client::hit_quota(const Verdict& known) {
  statistics_.quota_cache_hit_accepts.add();
  verdict_ = {{}, known.directive, true, true};
  return {.verdict = &verdict_};
}

Asked Client::ask_policy(uint32_t asker, Bag& bag, const Charges& charges) {
  if (!charges.empty()) {
    statistics_.quota_calls.add();
    statistics_.quota_cache_misses.add();
    return asker_.ask(asker, bag, quotas_.decide(bag, charges, false, host_.now_ns()), nullptr);
  }
  // What is shared is found in the cache.
  if (transport_.check_cache_entries == 0) return asker_.ask(asker, bag, nullptr, nullptr);
  return asker_.ask_shared(asker, bag);
}

void Client::forget() {
  checks_.clear();
  quotas_.clear();
}

}  // namespace mixer_client
