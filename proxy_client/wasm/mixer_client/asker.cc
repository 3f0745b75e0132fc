#include "mixer_client/asker.h"

#include <utility>

namespace mixer_client {
namespace {

std::string hexadecimal(uint64_t number) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); number != 0; ++digit, number >>= 4) {
    *digit = "0123456789abcdef"[number & 15];
  }
  return text;
}

}  // namespace

struct Asker::Question {
  Question(uint32_t asker, Bag& bag) : asker(asker), bag(bag) {}

  bool has_quotas() const { return quota && !quota->requests.empty(); }

  uint32_t asker;
  KeptBag bag;
  std::unique_ptr<QuotaDecision> quota;  // null for none
  std::optional<Verdict> known;
  Attempt attempt;
  uint32_t word_count = 0;  // of the request
  bool is_remade = false;   // in fewer words
  Seat seat = Seat::Alone;
  uint64_t kind = 0;  // unless it goes alone
};

Asker::Asker(const Means& means, const Names& names, uint64_t seed)
    : means_(means),
      attempts_(means.transport, means.host, seed),
      flights_(names),
      id_(hexadecimal(seed)) {}

Asker::~Asker() = default;

Asked Asker::ask(uint32_t asker, Bag& bag, std::unique_ptr<QuotaDecision> quota,
                 const Verdict* known) {
  auto& question = add(asker, bag);
  question.quota = std::move(quota);
  if (known != nullptr) question.known = *known;
  return begin(question);
}

Asked Asker::ask_shared(uint32_t asker, Bag& bag) {
  auto& question = add(asker, bag);
  question.kind = flights_.kind(question.bag);
  question.seat = flights_.board(question.kind, question.bag, question.attempt.number);
  if (question.seat == Seat::Follows) return {.question = question.attempt.number};
  return begin(question);
}

void Asker::cancel(uint64_t number) {
  auto question = remove(number);
  if (question == nullptr) return;
  if (question->seat == Seat::Follows) return flights_.leave(question->kind, number);
  if (attempts_.give_up(question->attempt)) means_.statistics.remote_call_cancellations.add();
  land(*question, nullptr);
}

bool Asker::take(proxy::Token token, const proxy::GrpcAnswer& answer) {
  auto number = attempts_.answered(token);
  if (number == 0) return false;
  auto& question = *find(number);
  auto is_ok = answer.status == proxy::kGrpcOk;
  auto read = is_ok ? read_check_answer(answer.message) : std::nullopt;
  if (read) {
    means_.statistics.remote_call_successes.add();
    end(number, answered(question, std::move(*read)), true);
  } else if (auto error = retry(question, is_ok ? unreadable() : error_of(answer))) {
    end(number, failed(question, *error), false);
  }
  return true;
}

void Asker::on_tick() {
  while (auto number = attempts_.take_due()) {
    auto& question = *find(number);
    if (auto error = send(question)) end(number, failed(question, *error), false);
  }
}

Asker::Question& Asker::add(uint32_t asker, Bag& bag) {
  auto number = ++last_number_;
  auto& slot = questions_[number];
  slot = std::make_unique<Question>(asker, bag);
  slot->attempt.number = number;
  return *slot;
}

std::unique_ptr<Asker::Question> Asker::remove(uint64_t number) {
  auto found = questions_.find(number);
  if (found == questions_.end()) return nullptr;
  auto question = std::move(found->second);
  questions_.erase(found);
  return question;
}

Asker::Question* Asker::find(uint64_t number) const {
  auto found = questions_.find(number);
  return found == questions_.end() ? nullptr : found->second.get();
}

// Those who would follow it can't be there yet, so there is nobody else to tell.
Asked Asker::begin(Question& question) {
  auto number = question.attempt.number;
  auto error = start(question);
  if (!error) return {.question = number};
  verdict_ = failed(question, *error);
  if (question.seat == Seat::Leads) flights_.land(question.kind);
  remove(number);
  return {.verdict = &verdict_};
}

std::optional<CallError> Asker::start(Question& question) {
  auto& statistics = means_.statistics;
  if (!question.known) statistics.remote_check_calls.add();
  if (question.has_quotas()) statistics.remote_quota_calls.add();
  statistics.remote_calls.add();
  if (questions_.size() > kMaxQuestions) {
    statistics.remote_call_send_errors.add();
    return unsent();
  }
  return make_and_send(question);
}

std::optional<CallError> Asker::make_and_send(Question& question) {
  static const std::vector<QuotaRequest> kNone;
  auto& quotas = question.quota ? question.quota->requests : kNone;
  auto id = id_ + "-" + hexadecimal(question.attempt.number);
  auto request = check_request(question.bag, quotas, id, means_.words);
  if (!request) {
    means_.statistics.remote_call_other_errors.add();
    return too_large();
  }
  question.word_count = means_.words.value();
  question.attempt.request = std::move(*request);
  return send(question);
}

std::optional<CallError> Asker::send(Question& question) {
  if (attempts_.send(question.attempt)) return std::nullopt;
  return retry(question, unsent());
}

// Nothing when it goes on.
std::optional<CallError> Asker::retry(Question& question, CallError error) {
  auto& statistics = means_.statistics;
  count(error, statistics.remote_call_timeouts, statistics.remote_call_send_errors,
        statistics.remote_call_other_errors);
  auto& status = error.status;
  if (!question.is_remade &&
      means_.words.shrink(status.code, status.message, question.word_count)) {
    question.is_remade = true;
    statistics.remote_call_retries.add();
    return make_and_send(question);
  }
  if (!attempts_.wait(question.attempt)) return error;
  statistics.remote_call_retries.add();
  return std::nullopt;
}

void Asker::end(uint64_t number, const Verdict& verdict, bool is_answered) {
  auto question = remove(number);
  if (question->asker != kNobody) means_.host.decided(question->asker, verdict);
  land(*question, is_answered ? nullptr : &verdict);
}

void Asker::land(const Question& question, const Verdict* failure) {
  if (question.seat != Seat::Leads) return;
  for (auto number : flights_.land(question.kind)) follow(number, failure);
}

// Goes on when the call that was waited for is over.
void Asker::follow(uint64_t number, const Verdict* failure) {
  auto& question = *find(number);
  question.seat = Seat::Alone;
  if (failure != nullptr) return share(number, *failure);
  if (auto* known = means_.checks.find(question.bag, means_.host.now_ns())) {
    return share(number, *known);
  }
  if (auto error = start(question)) end(number, failed(question, *error), false);
}

void Asker::share(uint64_t number, const Verdict& verdict) {
  means_.statistics.check_calls_shared.add();
  auto own = verdict;
  own.is_check_cache_hit = false;
  end(number, own, true);
}

Verdict Asker::denied(const Question& question, Status status) const {
  return {std::move(status), nullptr, question.known.has_value(), false};
}

Verdict Asker::failed(Question& question, const CallError& error) {
  auto& transport = means_.transport;
  if (question.quota) question.quota->answered(nullptr, means_.host.now_ns());
  auto is_passed = question.known ? transport.is_quota_fail_open : transport.is_check_fail_open;
  count_check(question, is_passed);
  count_quota(question, is_passed);
  if (!is_passed) return denied(question, error.status);
  return question.known.value_or(Verdict{});
}

// The policy's answer is kept even if the call was only for quota: it is the latest there is.
Verdict Asker::answered(Question& question, CheckAnswer answer) {
  auto now_ns = means_.host.now_ns();
  auto latest = means_.checks.store(question.bag, {std::move(answer.precondition), {}},
                                    means_.transport.is_check_fail_open, now_ns);
  auto verdict = question.known ? *question.known : latest;
  count_check(question, verdict.status.is_ok());
  if (!question.has_quotas()) return verdict;
  auto& quota = *question.quota;
  auto status =
      latest.status.is_ok() ? quota.answered(&answer, now_ns) : quota.policy_denied(now_ns);
  count_quota(question, status.is_ok());
  if (status.is_ok() || !verdict.status.is_ok()) return verdict;
  return denied(question, std::move(status));
}

void Asker::count_check(const Question& question, bool is_accepted) {
  if (question.known) return;
  auto& statistics = means_.statistics;
  (is_accepted ? statistics.remote_check_accepts : statistics.remote_check_denies).add();
}

void Asker::count_quota(const Question& question, bool is_accepted) {
  if (!question.has_quotas()) return;
  auto& statistics = means_.statistics;
  (is_accepted ? statistics.remote_quota_accepts : statistics.remote_quota_denies).add();
}

}  // namespace mixer_client
