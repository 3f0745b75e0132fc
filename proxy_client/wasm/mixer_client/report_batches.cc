#include "mixer_client/report_batches.h"

#include <algorithm>

namespace mixer_client {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;

}  // namespace

ReportBatches::ReportBatches(const Transport& transport, Host& host, Statistics& statistics,
                             WordCount& words)
    : transport_(transport), host_(host), statistics_(statistics), words_(words) {}

void ReportBatches::add(Bag& bag) {
  statistics_.report_calls.add();
  // When it is full already, it could not be sent.
  if (is_full() || !write(bag)) return statistics_.reports_dropped.add();
  if (message_.count() == 1) {
    due_ns_ = host_.now_ns() + transport_.report_batch_ms * kNsPerMs;
    if (!is_full()) host_.wake_at(due_ns_);
  }
  if (is_full() && has_room()) send();
}

// False when the report has no room, be it in a batch of its own.
bool ReportBatches::write(Bag& bag) {
  if (message_.add(bag, words_)) return true;
  if (message_.count() == 0 || !has_room()) return false;
  send();
  return message_.add(bag, words_);
}

bool ReportBatches::take(proxy::Token token, const proxy::GrpcAnswer& answer) {
  auto* found = sent_.find(token);
  if (found == nullptr) return false;
  auto batch = std::move(*found);
  sent_.erase(token);
  kept_size_ -= batch.request.size();
  if (answer.status == proxy::kGrpcOk) {
    statistics_.remote_report_successes.add();
    are_words_known_ = true;
  } else {
    fail(batch, error_of(answer));
  }
  on_tick();  // there may be one that waits for room
  return true;
}

void ReportBatches::on_tick() {
  if (message_.count() == 0 || !has_room()) return;
  if (is_full() || host_.now_ns() >= due_ns_) return send();
  host_.wake_at(due_ns_);
}

bool ReportBatches::flush() {
  if (message_.count() != 0 && has_room()) send();
  return sent_.size() == 0;
}

void ReportBatches::forget() {
  if (message_.count() == 0) return;
  statistics_.report_bags_lost.add(message_.count());
  message_ = {};
}

bool ReportBatches::is_full() const {
  return message_.count() >= std::max(transport_.report_batch_entries, 1u);
}

void ReportBatches::send() {
  Sent batch{message_.count(), words_.value(), {}};
  auto request = message_.take(words_);
  if (!are_words_known_ && kept_size_ + request.size() <= kMaxKeptSize) batch.request = request;
  send(request, std::move(batch));
}

void ReportBatches::send(std::string_view request, Sent batch) {
  statistics_.remote_report_calls.add();
  if (auto token = host_.send(Method::Report, request)) {
    kept_size_ += batch.request.size();
    sent_.put(*token, std::move(batch));
  } else {
    fail(batch, unsent());
  }
}

// It is lost: the server may have worked on it, so it is not sent again. Only one that was refused
// for its words is, because then the server did nothing.
void ReportBatches::fail(Sent& batch, const CallError& error) {
  count(error, statistics_.remote_report_timeouts, statistics_.remote_report_send_errors,
        statistics_.remote_report_other_errors);
  auto& status = error.status;
  auto can_do_better = words_.shrink(status.code, status.message, batch.word_count);
  if (!can_do_better || batch.request.empty()) {
    return statistics_.report_bags_lost.add(batch.bag_count);
  }
  send(report_in_fewer_words(batch.request, words_), {batch.bag_count, words_.value(), {}});
}

}  // namespace mixer_client
