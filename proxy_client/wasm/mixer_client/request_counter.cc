#include "mixer_client/request_counter.h"

#include <algorithm>

namespace mixer_client {

int64_t RequestCounter::slot(double now_s) {
  // Part of a slot by which a time may be early, so that 0.15 s is in the slot that starts then.
  constexpr double kRounding = 1e-6;
  return static_cast<int64_t>(now_s * kSlotsPerSecond + kRounding);
}

uint64_t RequestCounter::add(int64_t amount, double now_s) {
  auto now = slot(now_s);
  if (now > slot_) roll(now);
  auto& counted = amounts_[slot_ % kSlotCount];
  counted = saturating_sum(counted, static_cast<uint64_t>(amount));
  auto before = sum_;
  sum_ = saturating_sum(before, static_cast<uint64_t>(amount));
  return before;
}

void RequestCounter::roll(int64_t slot) {
  auto first = std::max(slot_ + 1, slot - kSlotCount + 1);
  for (auto passed = first; passed <= slot; ++passed) amounts_[passed % kSlotCount] = 0;
  slot_ = slot;
  sum_ = 0;
  for (auto amount : amounts_) sum_ = saturating_sum(sum_, amount);
}

}  // namespace mixer_client
