// How much was asked for in the last second; the C++ twin of proxy_client/quota/request_counter.py.
#pragma once

#include <cstdint>

namespace mixer_client {

/// The sum, or the largest number if it is larger.
constexpr uint64_t saturating_sum(uint64_t one, uint64_t other) {
  return one + other < one ? UINT64_MAX : one + other;
}

/// A sum over a moving window, exact to one slot of 50 ms (istio/proxy 1.4
/// `time_based_counter.cc`).
///
/// A time that lies before an earlier one counts as that earlier one. Unlike in Python, a sum ends
/// at 2^64 - 1.
class RequestCounter {
 public:
  explicit RequestCounter(double now_s) : slot_(slot(now_s)) {}

  /// Counts `amount` until it leaves the window; gives what the window held before.
  uint64_t add(int64_t amount, double now_s);

 private:
  static constexpr int64_t kSlotCount = 20;
  static constexpr double kSlotsPerSecond = 20;

  static int64_t slot(double now_s);
  void roll(int64_t slot);

  uint64_t amounts_[kSlotCount] = {};
  int64_t slot_;
  uint64_t sum_ = 0;
};

}  // namespace mixer_client
