// Mixer's answer to a Check, as read from its bytes; it owns what it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixer_client/verdict.h"

namespace mixer_client {

/// One thing that Mixer read to decide.
struct Reference {
  enum class Condition : uint8_t { Absence, Exact };
  /// What `map_key` says. None is 0, which is also the first of the global words, or an index that
  /// points nowhere: then the answer is not to be used again where the attribute is a map.
  enum class Key : uint8_t { None, Known };

  std::string name;
  std::string key;
  Key key_state = Key::None;
  Condition condition = Condition::Exact;
};

/// Words are resolved; matches that say nothing (CONDITION_UNSPECIFIED) are left out.
struct ReferencedAttributes {
  /// False for a message from which nothing may be concluded: a name that points nowhere, a REGEX.
  bool is_usable = true;
  std::vector<Reference> references;
};

struct Precondition {
  Status status;
  /// In ns, cut to what fits; nothing when the field is missing.
  std::optional<int64_t> valid_duration_ns;
  int32_t valid_use_count = 0;
  ReferencedAttributes referenced;
  /// Without changes of a kind that a newer server may know.
  std::optional<RouteDirective> directive;
};

struct QuotaResult {
  std::string name;
  std::optional<int64_t> valid_duration_ns;
  int64_t granted_amount = 0;
  ReferencedAttributes referenced;
  int32_t status_code = kOk;
};

struct CheckAnswer {
  std::optional<Precondition> precondition;
  /// Each name is there once.
  std::vector<QuotaResult> quotas;

  /// Null when there is none of that name.
  const QuotaResult* quota(std::string_view name) const;
};

/// In all of an answer.
inline constexpr uint32_t kMaxReferences = 4096;
inline constexpr size_t kMaxReferencedSize = 256 * 1024;  // of names and keys, each time they stand
inline constexpr uint32_t kMaxQuotas = 1000;
inline constexpr uint32_t kMaxHeaderChanges = 1000;  // of request or response

/// Nothing when the bytes are no CheckResponse, or one that is over a limit.
std::optional<CheckAnswer> read_check_answer(std::string_view bytes);

}  // namespace mixer_client
