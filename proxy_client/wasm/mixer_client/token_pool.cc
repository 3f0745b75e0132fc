#include "mixer_client/token_pool.h"

#include <algorithm>
#include <utility>

#include "mixer_client/quota_charge.h"

namespace mixer_client {
namespace {

constexpr uint64_t kMinAmount = 10;
constexpr double kClosedWaitS = 0.5;
// When a call is no longer waited for: twice the time that a call may take.
constexpr double kLostAfterS = 10;
constexpr size_t kMaxUnderWay = 16;
constexpr size_t kMaxGrants = 64;

}  // namespace

void Taken::add(std::shared_ptr<Grant> grant, int64_t tokens) {
  if (first_.grant) {
    more_.push_back({std::move(grant), tokens});
  } else {
    first_ = {std::move(grant), tokens};
  }
}

int64_t Taken::sum() const {
  auto sum = first_.tokens;
  for (auto& part : more_) sum += part.tokens;
  return sum;
}

Ask TokenPool::ask(int64_t amount, double now_s) {
  asked_s_ = now_s;
  auto wanted = requests_.add(amount, now_s);
  if (!pay(amount, wanted, now_s)) return ask_further(amount, std::max(wanted, kMinAmount), now_s);
  Ask ask{true, nullptr, {}};
  ask.taken.add(grants_.front(), amount);
  return ask;
}

// Takes `amount` tokens if the oldest grant alone is plenty, as it mostly is.
bool TokenPool::pay(int64_t amount, uint64_t wanted, double now_s) {
  if (grants_.empty()) return false;
  auto& oldest = *grants_.front();
  auto plenty = std::max({static_cast<uint64_t>(amount), kMinAmount / 2, wanted / 2});
  if (static_cast<uint64_t>(oldest.tokens) < plenty || now_s >= oldest.expires_s) return false;
  oldest.tokens -= amount;
  return true;
}

// Answers a request that needs more than the oldest grant.
Ask TokenPool::ask_further(int64_t amount, uint64_t wanted, double now_s) {
  auto needed = static_cast<uint64_t>(amount);
  auto available = count(now_s);
  Ask ask{false, nullptr, {}};
  bool is_needed = available < needed;
  if ((is_needed || available < wanted / 2) && may_send(is_needed, now_s)) {
    auto sent = std::min(std::max(needed, wanted), static_cast<uint64_t>(kMaxAmount));
    bool in_advance = is_open_ && available == 0;
    if (in_advance) available = sent;
    ask.prefetch = send(static_cast<int64_t>(sent), in_advance, now_s);
  }
  if (available < needed) return ask;
  ask.is_granted = true;
  ask.taken = take(amount, now_s);
  return ask;
}

void TokenPool::grant(Prefetch& prefetch, int64_t granted, double life_s, double now_s) {
  if (!answer(prefetch)) return;
  is_open_ = granted >= prefetch.amount;
  settle(prefetch, std::max<int64_t>(granted, 0), now_s + life_s, now_s);
}

void TokenPool::fail(Prefetch& prefetch, double now_s) {
  grant(prefetch, prefetch.amount, kProvisionalLifeS, now_s);
}

void TokenPool::withdraw(Prefetch& prefetch, double now_s) {
  if (answer(prefetch)) settle(prefetch, 0, now_s, now_s);
}

void TokenPool::keep(int64_t tokens, double life_s, double now_s) {
  if (tokens > 0) append(std::make_shared<Grant>(tokens, now_s + life_s));
}

void TokenPool::close(double now_s) {
  is_open_ = false;
  last_sent_s_ = now_s;
}

void TokenPool::give_back(Taken taken) {
  taken.each_reversed([&](Taken::Part& part) {
    part.grant->tokens += part.tokens;
    // It left when it was empty.
    if (!holds(*part.grant) && grants_.size() < kMaxGrants) {
      grants_.insert(grants_.begin(), std::move(part.grant));
    }
  });
}

// How many tokens can be taken; drops grants at the front that have none.
uint64_t TokenPool::count(double now_s) {
  auto first = std::find_if(grants_.begin(), grants_.end(), [&](const auto& grant) {
    return grant->tokens > 0 && grant->expires_s > now_s;
  });
  grants_.erase(grants_.begin(), first);
  uint64_t available = 0;
  for (auto& grant : grants_) {
    if (now_s >= grant->expires_s) continue;
    available = saturating_sum(available, static_cast<uint64_t>(grant->tokens));
  }
  return available;
}

// Whether it is the time for a call when tokens are few; `is_needed`: for this very request.
bool TokenPool::may_send(bool is_needed, double now_s) {
  auto first = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& prefetch) {
    return now_s - prefetch->sent_s < kLostAfterS;
  });
  under_way_.erase(under_way_.begin(), first);
  if (!under_way_.empty()) return is_open_ && is_needed && under_way_.size() < kMaxUnderWay;
  return is_open_ || now_s - last_sent_s_ >= kClosedWaitS;
}

std::shared_ptr<Prefetch> TokenPool::send(int64_t amount, bool in_advance, double now_s) {
  std::shared_ptr<Grant> advance;
  if (in_advance) {
    advance = std::make_shared<Grant>(amount, now_s + kProvisionalLifeS);
    append(advance);
  }
  under_way_.push_back(std::make_shared<Prefetch>(amount, std::move(advance), now_s));
  last_sent_s_ = now_s;
  return under_way_.back();
}

// Whether this is the first answer to a call, which is then no longer under way.
bool TokenPool::answer(Prefetch& prefetch) {
  std::erase_if(under_way_, [&](const auto& other) { return other.get() == &prefetch; });
  return !std::exchange(prefetch.is_answered, true);
}

// Makes the tokens of a call those that were granted.
void TokenPool::settle(Prefetch& prefetch, int64_t granted, double expires_s, double now_s) {
  auto& advance = prefetch.advance;
  auto surplus = advance ? granted - prefetch.amount : granted;
  if (surplus > 0) append(std::make_shared<Grant>(surplus, expires_s));
  if (!advance) return;
  auto missing = std::max<int64_t>(-surplus, 0);
  auto own = std::min(advance->tokens, missing);
  advance->tokens -= own;
  if (advance->tokens > 0) {
    advance->expires_s = expires_s;
    if (!holds(*advance)) append(advance);  // its provisional life was over
  }
  take(missing - own, now_s);
}

// Takes up to `amount` tokens, oldest grants first.
Taken TokenPool::take(int64_t amount, double now_s) {
  Taken taken;
  for (auto& grant : grants_) {
    if (amount == 0) break;
    if (now_s >= grant->expires_s || grant->tokens == 0) continue;
    auto tokens = std::min(grant->tokens, amount);
    grant->tokens -= tokens;
    amount -= tokens;
    taken.add(grant, tokens);
  }
  return taken;
}

bool TokenPool::holds(const Grant& grant) const {
  return std::any_of(grants_.begin(), grants_.end(),
                     [&](const auto& other) { return other.get() == &grant; });
}

// When there are too many, the oldest goes.
void TokenPool::append(std::shared_ptr<Grant> grant) {
  if (grants_.size() == kMaxGrants) grants_.erase(grants_.begin());
  grants_.push_back(std::move(grant));
}

}  // namespace mixer_client
