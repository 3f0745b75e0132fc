#include "mixer_client/answer.h"

#include <algorithm>
#include <utility>

#include "mixer_client/proto.h"
#include "mixer_client/referenced.h"
#include "mixer_client/route_directive.h"

namespace mixer_client {
namespace {

using proto::Reader;
using proto::tag;
using proto::Wire;

constexpr int64_t kNsPerS = 1'000'000'000;

struct Duration {
  int64_t seconds = 0;
  int32_t nanos = 0;

  int64_t ns() const {
    int64_t total;
    if (__builtin_mul_overflow(seconds, kNsPerS, &total) ||
        __builtin_add_overflow(total, nanos, &total)) {
      return seconds < 0 ? INT64_MIN : INT64_MAX;
    }
    return total;
  }
};

bool read(std::string_view bytes, Duration& duration) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Varint):
        duration.seconds = from.int64();
        break;
      case tag(2, Wire::Varint):
        duration.nanos = from.int32();
        break;
    }
  }
  return !from.has_failed();
}

// A google.rpc.Status; its details are not looked at.
bool read(std::string_view bytes, Status& status) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Varint):
        status.code = from.int32();
        break;
      case tag(2, Wire::Bytes):
        status.message = from.text();
        break;
    }
  }
  return !from.has_failed();
}

// Parts that precondition and quota results have in common, until all of them has been read.
struct Parts {
  std::optional<Duration> valid_duration;
  Status status;
  ReferencedMessage referenced;

  std::optional<int64_t> valid_duration_ns() const {
    return valid_duration ? std::optional(valid_duration->ns()) : std::nullopt;
  }
};

// A field may come in several parts, which belong together: so does protobuf have it.
template <class T>
T& ensure(std::optional<T>& field) {
  return field ? *field : field.emplace();
}

struct PreconditionMessage {
  Parts parts;
  int32_t valid_use_count = 0;
  std::optional<RouteDirective> directive;

  bool read(std::string_view bytes);
  std::optional<Precondition> resolve(Allowance& allowance);
};

bool PreconditionMessage::read(std::string_view bytes) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Bytes):
        from.require(mixer_client::read(from.bytes(), parts.status));
        break;
      case tag(2, Wire::Bytes):
        from.require(mixer_client::read(from.bytes(), ensure(parts.valid_duration)));
        break;
      case tag(3, Wire::Varint):
        valid_use_count = from.int32();
        break;
      case tag(5, Wire::Bytes):
        from.require(parts.referenced.read(from.bytes()));
        break;
      case tag(6, Wire::Bytes):
        from.require(read_route_directive(from.bytes(), ensure(directive)));
        break;
    }
  }
  return !from.has_failed();
}

std::optional<Precondition> PreconditionMessage::resolve(Allowance& allowance) {
  auto referenced = parts.referenced.resolve(allowance);
  if (!referenced) return std::nullopt;
  return Precondition{.status = std::move(parts.status),
                      .valid_duration_ns = parts.valid_duration_ns(),
                      .valid_use_count = valid_use_count,
                      .referenced = *std::move(referenced),
                      .directive = std::move(directive)};
}

bool read_result(std::string_view bytes, Parts& parts, QuotaResult& result) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Bytes):
        from.require(read(from.bytes(), ensure(parts.valid_duration)));
        break;
      case tag(2, Wire::Varint):
        result.granted_amount = from.int64();
        break;
      case tag(5, Wire::Bytes):
        from.require(parts.referenced.read(from.bytes()));
        break;
      case tag(6, Wire::Bytes):
        from.require(read(from.bytes(), parts.status));
        break;
    }
  }
  return !from.has_failed();
}

// An entry of the quotas.
std::optional<QuotaResult> read_quota(std::string_view bytes, Allowance& allowance) {
  QuotaResult result;
  Parts parts;
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(proto::kKey, Wire::Bytes):
        result.name = from.text();
        break;
      case tag(proto::kValue, Wire::Bytes):
        from.require(read_result(from.bytes(), parts, result));
        break;
    }
  }
  if (from.has_failed()) return std::nullopt;
  auto referenced = parts.referenced.resolve(allowance);
  if (!referenced) return std::nullopt;
  result.referenced = *std::move(referenced);
  result.valid_duration_ns = parts.valid_duration_ns();
  result.status_code = parts.status.code;
  return result;
}

// Of entries with one name the last one counts.
void keep(QuotaResult result, std::vector<QuotaResult>& quotas) {
  auto same = std::find_if(quotas.begin(), quotas.end(),
                           [&](auto& quota) { return quota.name == result.name; });
  if (same == quotas.end()) {
    quotas.push_back(std::move(result));
  } else {
    *same = std::move(result);
  }
}

}  // namespace

const QuotaResult* CheckAnswer::quota(std::string_view name) const {
  auto found =
      std::find_if(quotas.begin(), quotas.end(), [&](auto& quota) { return quota.name == name; });
  return found == quotas.end() ? nullptr : &*found;
}

std::optional<CheckAnswer> read_check_answer(std::string_view bytes) {
  CheckAnswer answer;
  Allowance allowance;
  std::optional<PreconditionMessage> precondition;
  Reader from(bytes);
  while (from.next()) {
    if (from.tag() == tag(2, Wire::Bytes)) {
      from.require(ensure(precondition).read(from.bytes()));
    } else if (from.tag() == tag(3, Wire::Bytes)) {
      auto quota = read_quota(from.bytes(), allowance);
      from.require(quota && answer.quotas.size() < kMaxQuotas);
      if (!from.has_failed()) keep(*std::move(quota), answer.quotas);
    }
  }
  if (precondition && !from.has_failed()) {
    answer.precondition = precondition->resolve(allowance);
    from.require(answer.precondition.has_value());
  }
  if (from.has_failed()) return std::nullopt;
  return answer;
}

}  // namespace mixer_client
