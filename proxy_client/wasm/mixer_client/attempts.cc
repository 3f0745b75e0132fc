#include "mixer_client/attempts.h"

#include <algorithm>

namespace mixer_client {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;
constexpr uint32_t kMaxDoublings = 32;

// The next number of the generator "splitmix64" (Steele, Lea and Flood, 2014).
uint64_t next_random(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  auto mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Attempts::Attempts(const Transport& transport, Host& host, uint64_t seed)
    : transport_(transport), host_(host), random_(seed) {}

bool Attempts::send(Attempt& attempt) {
  attempt.token = host_.send(Method::Check, attempt.request);
  if (!attempt.token) return false;
  under_way_.put(*attempt.token, attempt.number);
  return true;
}

bool Attempts::wait(Attempt& attempt) {
  if (attempt.retry_count == transport_.max_retries) return false;
  attempt.token.reset();
  attempt.due_ns = host_.now_ns() + draw_wait_ms(attempt.retry_count++) * kNsPerMs;
  waiting_.emplace(attempt.due_ns, attempt.number);
  host_.wake_at(attempt.due_ns);
  return true;
}

bool Attempts::give_up(Attempt& attempt) {
  if (attempt.due_ns != 0) waiting_.erase({attempt.due_ns, attempt.number});
  if (!attempt.token || !under_way_.erase(*attempt.token)) return false;
  host_.cancel(*attempt.token);
  return true;
}

uint64_t Attempts::answered(proxy::Token token) {
  auto* found = under_way_.find(token);
  if (found == nullptr) return 0;
  auto number = *found;
  under_way_.erase(token);
  return number;
}

uint64_t Attempts::take_due() {
  if (waiting_.empty()) return 0;
  auto [due_ns, number] = *waiting_.begin();
  if (due_ns > host_.now_ns()) {
    host_.wake_at(due_ns);
    return 0;
  }
  waiting_.erase(waiting_.begin());
  return number;
}

uint64_t Attempts::draw_wait_ms(uint32_t retry) {
  uint64_t least = transport_.base_retry_wait_ms;
  auto most =
      std::min<uint64_t>(transport_.max_retry_wait_ms, least << std::min(retry, kMaxDoublings));
  return most <= least ? least : least + next_random(random_) % (most - least + 1);
}

}  // namespace mixer_client
