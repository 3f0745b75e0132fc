#include "mixer_client/requests.h"

#include "mixer_client/compressed.h"
#include "mixer_client/proto.h"

namespace mixer_client {
namespace {

// Of a CheckRequest.
constexpr uint32_t kAttributes = 1;
constexpr uint32_t kGlobalWordCountField = 2;
constexpr uint32_t kDeduplicationId = 3;
constexpr uint32_t kQuotas = 4;

void write_quota(const QuotaRequest& quota, proto::Writer& to) {
  size_t entry = to.open(kQuotas);
  to.bytes(proto::kKey, quota.name);
  size_t params = to.open(proto::kValue);
  if (quota.amount != 0) to.varint(1, static_cast<uint64_t>(quota.amount));
  if (quota.is_best_effort) to.varint(2, 1);
  to.close(params);
  to.close(entry);
}

}  // namespace

std::optional<std::string> check_request(Bag& bag, const std::vector<QuotaRequest>& quotas,
                                         std::string_view deduplication_id,
                                         const WordCount& words) {
  Dictionary dictionary(compressed_fields::kWords);
  dictionary.begin(words.value());
  std::string request;
  request.reserve(1024);
  proto::Writer to(request);
  size_t attributes = to.open(kAttributes);
  write_attributes(bag, dictionary, to);
  request.append(dictionary.own_words());
  to.close(attributes);
  if (words.value() != 0) to.varint(kGlobalWordCountField, words.value());
  if (!deduplication_id.empty()) to.bytes(kDeduplicationId, deduplication_id);
  for (auto& quota : quotas) write_quota(quota, to);
  if (dictionary.is_full() || request.size() > kMaxMessageSize) return std::nullopt;
  return request;
}

std::string attributes_message(const std::map<std::string, std::string>& attributes) {
  std::string message;
  proto::Writer to(message);
  for (auto& [name, text] : attributes) {
    size_t entry = to.open(1);
    to.bytes(proto::kKey, name);
    size_t value = to.open(proto::kValue);
    to.bytes(2, text);  // string_value
    to.close(value);
    to.close(entry);
  }
  return message;
}

}  // namespace mixer_client
