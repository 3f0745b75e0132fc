// Tokens of one quota, fetched before they are needed; the C++ twin of
// proxy_client/quota/prefetch.py.
//
// How many are fetched follows from how many were asked for in the last second:
//
// - A pool fetches when less than half of a second's tokens are left and none are under way, and
//   whenever there are fewer than one request needs: as many as the last second needed, at least
//   10.
// - An *open* pool is one that Mixer gave all it asked for. When an open pool is empty, it hands
// out
//   the tokens that it has just asked for before they are granted; the answer corrects that, and
//   what is spent by then is forgiven. So the first request on a new pool passes.
// - A *closed* pool got less than it asked for. It hands out what it has, and asks one call at a
//   time, at most twice a second.
//
// Times are in seconds, and never step back. They are floating point numbers because they are in
// Python: where a time is just at its limit, both decide the same.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mixer_client/request_counter.h"

namespace mixer_client {

/// Life of tokens of which Mixer has not said, or does not say, how long they last.
inline constexpr double kProvisionalLifeS = 60;

/// Tokens that came together and end together.
struct Grant {
  int64_t tokens;
  double expires_s;
};

/// A call for tokens that is to be made, then answered by `TokenPool::grant` or its like.
struct Prefetch {
  int64_t amount;
  /// The tokens, when they were handed out before they were granted; else null.
  std::shared_ptr<Grant> advance;
  double sent_s;
  bool is_answered = false;
};

/// Where tokens were taken from, and how many. Mostly it is one grant: that takes no memory.
class Taken {
 public:
  struct Part {
    std::shared_ptr<Grant> grant;
    int64_t tokens = 0;
  };

  void add(std::shared_ptr<Grant> grant, int64_t tokens);
  int64_t sum() const;
  /// Calls `visit(Part&)` for all parts, the one taken last first.
  template <class Visit>
  void each_reversed(Visit visit) {
    for (auto part = more_.rbegin(); part != more_.rend(); ++part) visit(*part);
    if (first_.grant) visit(first_);
  }

 private:
  Part first_;
  std::vector<Part> more_;
};

/// What a pool answers to one request.
struct Ask {
  bool is_granted;
  /// The call that is to be made now; null for none.
  std::shared_ptr<Prefetch> prefetch;
  /// The tokens, for giving them back.
  Taken taken;
};

/// The tokens at hand of one quota, for requests that Mixer counts together.
class TokenPool {
 public:
  explicit TokenPool(double now_s) : requests_(now_s), last_sent_s_(now_s), asked_s_(now_s) {}

  /// When it was last asked.
  double asked_s() const { return asked_s_; }
  /// Takes `amount` tokens, all or none of them.
  Ask ask(int64_t amount, double now_s);
  /// Mixer granted that many tokens, for `life_s`; late answers count, second ones do not.
  void grant(Prefetch& prefetch, int64_t granted, double life_s, double now_s);
  /// Mixer could not be asked: requests pass as if it had granted all, for a while.
  void fail(Prefetch& prefetch, double now_s);
  /// The answer was for another pool: takes an advance back, and is as open as before.
  void withdraw(Prefetch& prefetch, double now_s);
  /// Adds tokens that were granted to this pool without its asking.
  void keep(int64_t tokens, double life_s, double now_s);
  /// Mixer refused tokens to a call that was not this pool's own.
  void close(double now_s);
  /// Puts tokens back; they end when they would have ended.
  void give_back(Taken taken);

 private:
  bool pay(int64_t amount, uint64_t wanted, double now_s);
  Ask ask_further(int64_t amount, uint64_t wanted, double now_s);
  uint64_t count(double now_s);
  bool may_send(bool is_needed, double now_s);
  std::shared_ptr<Prefetch> send(int64_t amount, bool in_advance, double now_s);
  bool answer(Prefetch& prefetch);
  void settle(Prefetch& prefetch, int64_t granted, double expires_s, double now_s);
  Taken take(int64_t amount, double now_s);
  bool holds(const Grant& grant) const;
  void append(std::shared_ptr<Grant> grant);

  std::vector<std::shared_ptr<Grant>> grants_;        // the oldest first, at most 64
  std::vector<std::shared_ptr<Prefetch>> under_way_;  // the oldest first, at most 16
  RequestCounter requests_;
  bool is_open_ = true;
  double last_sent_s_;
  double asked_s_;
};

}  // namespace mixer_client
