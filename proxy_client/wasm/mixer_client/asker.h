// Checks that go to the server, and what their answers mean for the caches and those who asked; the
// C++ twin of proxy_client/asker.py and remote_check.py.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mixer_client/attempts.h"
#include "mixer_client/call_error.h"
#include "mixer_client/check_cache.h"
#include "mixer_client/flights.h"
#include "mixer_client/quota.h"
#include "mixer_client/requests.h"
#include "mixer_client/settings.h"
#include "mixer_client/statistics.h"

namespace mixer_client {

/// Nobody waits for the answer to a question of this asker.
inline constexpr uint32_t kNobody = 0;

/// One of both: the verdict, valid until something else is asked; or the number of the question to
/// which it will be the answer.
struct Asked {
  const Verdict* verdict = nullptr;
  uint64_t question = 0;
};

/// What the asker shares with its client.
struct Means {
  const Transport& transport;
  Host& host;
  Statistics& statistics;
  CheckCache& checks;
  WordCount& words;
};

class Asker {
 public:
  /// Questions at a time, those that wait to be sent again among them; more have failed at once.
  static constexpr uint32_t kMaxQuestions = 16384;

  /// `seed` makes the ids of calls, and the waits between them, differ from those of others.
  Asker(const Means& means, const Names& names, uint64_t seed);
  ~Asker();

  /// Makes a call for this request alone; `known` is what the policy said before, if it did.
  Asked ask(uint32_t asker, Bag& bag, std::unique_ptr<QuotaDecision> quota, const Verdict* known);
  /// Makes a call, or waits for one that is made for an equal request.
  Asked ask_shared(uint32_t asker, Bag& bag);
  /// Forgets a question, and ends its call.
  void cancel(uint64_t question);
  /// Whether this call was one of these.
  bool take(proxy::Token token, const proxy::GrpcAnswer& answer);
  void on_tick();

 private:
  struct Question;

  Question& add(uint32_t asker, Bag& bag);
  std::unique_ptr<Question> remove(uint64_t number);
  Question* find(uint64_t number) const;

  Asked begin(Question& question);
  std::optional<CallError> start(Question& question);
  std::optional<CallError> make_and_send(Question& question);
  std::optional<CallError> send(Question& question);
  std::optional<CallError> retry(Question& question, CallError error);

  void end(uint64_t number, const Verdict& verdict, bool is_answered);
  void land(const Question& question, const Verdict* failure);
  void follow(uint64_t number, const Verdict* failure);
  void share(uint64_t number, const Verdict& verdict);

  Verdict denied(const Question& question, Status status) const;
  Verdict failed(Question& question, const CallError& error);
  Verdict answered(Question& question, CheckAnswer answer);
  void count_check(const Question& question, bool is_accepted);
  void count_quota(const Question& question, bool is_accepted);

  Means means_;
  Attempts attempts_;
  Flights flights_;
  std::string id_;  // of all calls
  uint64_t last_number_ = 0;
  std::map<uint64_t, std::unique_ptr<Question>> questions_;
  Verdict verdict_;  // the latest that came at once
};

}  // namespace mixer_client
