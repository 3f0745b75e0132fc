#include <algorithm>

#include "mixer_client/compressed.h"
#include "mixer_client/proto.h"
#include "mixer_client/report_fields.h"
#include "mixer_client/requests.h"

namespace mixer_client {
namespace {

using report_fields::finish;
using report_fields::kAttributes;
using report_fields::kDefaultWords;

constexpr size_t kMaxEndSize = 16;  // of what comes behind bags and words
constexpr size_t kKeySize = 512;    // about the last bag, with its times in ns

}  // namespace

ReportMessage::ReportMessage() : words_(kDefaultWords) {}

void ReportMessage::begin(const WordCount& words) {
  auto last = std::string_view(bags_);
  words_.begin(words.value(), last.substr(last.size() - std::min(last.size(), kKeySize)));
  bags_.clear();
}

bool ReportMessage::add(Bag& bag, const WordCount& words) {
  if (count_ == 0) begin(words);
  size_t size = bags_.size();
  uint32_t own_word_count = words_.own_word_count();
  proto::Writer to(bags_);
  size_t start = to.open(kAttributes);
  write_attributes(bag, words_, to);
  to.close(start);
  if (words_.is_full() ||
      bags_.size() + words_.own_words().size() + kMaxEndSize > kMaxMessageSize) {
    bags_.resize(size);
    words_.forget(own_word_count);
    return false;
  }
  ++count_;
  return true;
}

std::string ReportMessage::take(const WordCount& words) {
  if (count_ == 0) begin(words);
  count_ = 0;
  std::string request;
  request.reserve(bags_.size() + words_.own_words().size() + kMaxEndSize);
  request.append(bags_);
  uint32_t word_count = words_.global_word_count();
  finish(request, words_.own_words(), word_count);
  // The count may have changed since the first of these bags was added.
  return word_count > words.value() ? report_in_fewer_words(request, words) : request;
}

}  // namespace mixer_client
