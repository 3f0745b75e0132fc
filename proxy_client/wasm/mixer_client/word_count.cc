#include <algorithm>

#include "mixer_client/requests.h"
#include "mixer_client/verdict.h"

namespace mixer_client {
namespace {

constexpr uint32_t kOldestWordCount = 111;  // every server knows so many
constexpr std::string_view kInconsistent =
    "inconsistent global dictionary versions used: mixer knows ";
constexpr std::string_view kInvalid = "Request could not be processed due to invalid";
constexpr size_t kMaxDigits = 9;

// How many words the server knows that says "mixer knows N words"; all for another text.
uint32_t told_word_count(std::string_view message) {
  if (!message.starts_with(kInconsistent)) return kGlobalWordCount;
  message.remove_prefix(kInconsistent.size());
  uint32_t count = 0;
  size_t digits = 0;
  for (; digits < std::min(message.size(), kMaxDigits); ++digits) {
    char c = message[digits];
    if (c < '0' || c > '9') break;
    count = count * 10 + static_cast<uint32_t>(c - '0');
  }
  return digits > 0 && message.substr(digits).starts_with(" words") ? count : kGlobalWordCount;
}

uint32_t known_word_count(uint32_t grpc_status, std::string_view message) {
  if (grpc_status == kInternal) return told_word_count(message);
  bool is_invalid = grpc_status == kInvalidArgument && message.starts_with(kInvalid);
  return is_invalid ? kOldestWordCount : kGlobalWordCount;
}

}  // namespace

bool WordCount::shrink(uint32_t grpc_status, std::string_view message, uint32_t sent_word_count) {
  uint32_t known = known_word_count(grpc_status, message);
  value_ = std::min(value_, known);
  return known < sent_word_count;
}

}  // namespace mixer_client
