// The messages that are sent to Mixer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/dictionary.h"

namespace mixer_client {

/// A message that would be larger, or have more than 16,384 words of its own, is not made.
inline constexpr size_t kMaxMessageSize = 1024 * 1024;

/// One quota of a call.
struct QuotaRequest {
  std::string name;
  int64_t amount;
  bool is_best_effort;
};

/// How many words of the global list a server is believed to know.
class WordCount {
 public:
  uint32_t value() const { return value_; }
  /// Falls back to as many words as the server knows when that is what a failed call asks for, as
  /// proxy_client/compression.py decides it. Whether a call in fewer words may do better.
  bool shrink(uint32_t grpc_status, std::string_view message, uint32_t sent_word_count);

 private:
  uint32_t value_ = kGlobalWordCount;
};

/// A CheckRequest's bytes; nothing when it would be too large. Works out all attributes of the bag.
std::optional<std::string> check_request(Bag& bag, const std::vector<QuotaRequest>& quotas,
                                         std::string_view deduplication_id, const WordCount& words);

/// The bags of one Report, written one by one into one message with a dictionary of its own. It
/// keeps its memory for the next message: up to some 3 MiB, if the messages are as large as can be.
class ReportMessage {
 public:
  ReportMessage();

  /// Works out all attributes of the bag. The bag is not needed afterwards. False when the message
  /// would be too large: then it is as before, and the bag can be part of the next one, unless
  /// this one was empty.
  [[nodiscard]] bool add(Bag& bag, const WordCount& words);
  uint32_t count() const { return count_; }
  /// The ReportRequest's bytes, in no more words than `words` says; empties this for the next
  /// batch.
  std::string take(const WordCount& words);

 private:
  void begin(const WordCount& words);

  std::string bags_;  // as fields of a ReportRequest
  Dictionary words_;
  uint32_t count_ = 0;
};

/// The same ReportRequest, one that `take` made, in fewer words of the global list: for a server
/// that refused it for its words.
std::string report_in_fewer_words(std::string_view sent, const WordCount& words);

/// An istio.mixer.v1.Attributes with these strings: what `x-istio-attributes` carries, before
/// base64. They are sorted, as protobuf sorts maps, so that equal ones are equal bytes.
std::string attributes_message(const std::map<std::string, std::string>& attributes);

}  // namespace mixer_client
