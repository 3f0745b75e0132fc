#include "mixer_client/check_cache.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace mixer_client {
namespace {

uint32_t bytes_of(const std::vector<HeaderChange>& changes) {
  size_t bytes = 0;
  for (auto& change : changes) bytes += sizeof(change) + change.name.size() + change.value.size();
  return static_cast<uint32_t>(bytes);
}

uint32_t bytes_of(const RouteDirective& directive) {
  auto changes = bytes_of(directive.request_changes) + bytes_of(directive.response_changes);
  return changes + static_cast<uint32_t>(directive.direct_response_body.size());
}

// One verdict, and how often and how long it may still be used.
struct Answer final : Indexed {
  Verdict verdict;
  int32_t uses_left;
  uint64_t expires_ns;

  uint32_t bytes() const override {
    auto size = static_cast<uint32_t>(sizeof(Answer) + verdict.status.message.size());
    return verdict.directive == nullptr ? size : size + bytes_of(*verdict.directive);
  }

  // Takes one use; false when there is none left, or its time is over.
  bool use(uint64_t now_ns) {
    if (uses_left == 0 || now_ns > expires_ns) return false;
    if (uses_left > 0) --uses_left;
    return true;
  }
};

uint64_t expiry_ns(const Precondition& precondition, uint64_t now_ns) {
  if (!precondition.valid_duration_ns) return UINT64_MAX;
  int64_t duration_ns = *precondition.valid_duration_ns;
  if (duration_ns >= 0) return now_ns + static_cast<uint64_t>(duration_ns);
  return now_ns - std::min(now_ns, -static_cast<uint64_t>(duration_ns));
}

Verdict verdict_of(Precondition& precondition, bool is_fail_open) {
  Verdict verdict;
  auto& status = precondition.status;
  bool is_passed = status.is_ok() || (status.code == kInternal && is_fail_open);
  if (!is_passed) verdict.status = std::move(status);
  if (precondition.directive) {
    verdict.directive = std::make_shared<const RouteDirective>(std::move(*precondition.directive));
  }
  return verdict;
}

}  // namespace

const Verdict* CheckCache::find(Bag& bag, uint64_t now_ns) {
  auto* found = answers_.find(
      bag, [&](Indexed& indexed) { return static_cast<Answer&>(indexed).use(now_ns); });
  return found == nullptr ? nullptr : &static_cast<Answer*>(found)->verdict;
}

Verdict CheckCache::store(Bag& bag, CheckAnswer answer, bool is_fail_open, uint64_t now_ns) {
  if (!answer.precondition) {
    Verdict invalid;
    invalid.status = {kInvalidArgument, "Mixer's answer has no precondition"};
    return invalid;
  }
  auto& precondition = *answer.precondition;
  auto verdict = verdict_of(precondition, is_fail_open);
  auto met = conditions(precondition.referenced, bag);
  if (!met) return verdict;
  if (precondition.valid_use_count == 0) {
    answers_.discard(bag, *met);  // what is there is older
    return verdict;
  }
  auto kept = std::make_unique<Answer>();
  kept->verdict = verdict;
  kept->verdict.is_check_cache_hit = true;
  kept->uses_left = precondition.valid_use_count;
  kept->expires_ns = expiry_ns(precondition, now_ns);
  answers_.put(bag, *met, std::move(kept));
  return verdict;
}

}  // namespace mixer_client
