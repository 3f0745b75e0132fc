#include "policy_filter/quota.h"

#include <algorithm>

#include "abi/filter.h"
#include "policy_filter/cells.h"
#include "policy_filter/number.h"

namespace policy {
namespace {

bool is_met(const Override& other, const Text* dimensions) {
  return std::all_of(other.where.begin(), other.where.end(), [&](const Condition& condition) {
    auto& texts = condition.texts;
    return std::find(texts.begin(), texts.end(), dimensions[condition.dimension]) != texts.end();
  });
}

uint32_t limit_of(const QuotaLimit& limit, const Text* dimensions) {
  for (auto& other : limit.overrides) {
    if (is_met(other, dimensions)) return other.limit;
  }
  return limit.limit;
}

// Of each dimension the count of its bytes, ":" and the text.
Text key_of(const Text* dimensions, uint32_t count, base::Arena& arena) {
  size_t most = 0;
  for (uint32_t i = 0; i < count; ++i) most += dimensions[i].size() + kMaxNumberText;
  char* key = arena.bytes(most);
  size_t size = 0;
  for (uint32_t i = 0; i < count && key != nullptr; ++i) {
    size += decimal(dimensions[i].size(), key + size);
    key[size++] = ':';
    size += dimensions[i].copy(key + size, dimensions[i].size());
  }
  return {key, size};
}

class Asking {
 public:
  Asking(const Program& program, Machine& machine, const Quota& quota)
      : program_(program), machine_(machine), quota_(quota) {}

  Taken run() {
    // Which hold is settled before any is asked; the machine keeps it.
    bool is_limited = false;
    for (auto& limit : quota_.limits) is_limited |= machine_.holds(limit.match);
    for (auto& limit : quota_.limits) {
      if (!machine_.holds(limit.match) || ask(limit)) continue;
      return has_failed_ ? Taken::Failed : Taken::No;
    }
    return grants_ || !is_limited ? Taken::Yes : Taken::No;
  }

 private:
  // False when code fails, or the cells.
  bool ask(const QuotaLimit& limit) {
    if (limit.kind == AnswerKind::Take) return take(limit);
    grants_ = grants_ || limit.kind == AnswerKind::All;
    return machine_.evaluate(limit.evaluate);
  }

  bool take(const QuotaLimit& limit) {
    auto count = limit.dimensions.size();
    auto* dimensions = static_cast<Text*>(machine_.arena().allocate(count * sizeof(Text)));
    for (uint32_t i = 0; i < count && dimensions != nullptr; ++i) {
      if (!machine_.text(static_cast<int32_t>(limit.dimensions[i]), dimensions[i])) return false;
    }
    has_failed_ = machine_.has_failed();
    if (has_failed_) return false;
    if (was_asked(limit)) return true;
    auto key = key_of(dimensions, count, machine_.arena());
    auto& cells = program_.limits[limit_of(limit, dimensions)];
    auto taken = policy::take(program_.cells, {cells, key, quota_.amount, proxy::now_ns()},
                              machine_.arena());
    grants_ = grants_ || taken == Taken::Yes;
    has_failed_ = taken == Taken::Failed;
    return !has_failed_;
  }

  // Whether a limit before this one has asked the same handler.
  bool was_asked(const QuotaLimit& limit) const {
    for (const QuotaLimit* other = quota_.limits.begin(); other != &limit; ++other) {
      if (other->kind != AnswerKind::Take || other->handler != limit.handler) continue;
      if (machine_.holds(other->match)) return true;
    }
    return false;
  }

  const Program& program_;
  Machine& machine_;
  const Quota& quota_;
  bool grants_ = false;
  bool has_failed_ = false;
};

}  // namespace

void ask_quotas(const Program& program, Machine& machine, Verdict& verdict) {
  for (auto& quota : program.quotas) {
    auto taken = Asking(program, machine, quota).run();
    if (taken == Taken::Failed || machine.has_failed()) {
      verdict.has_failed = true;
      return;
    }
    if (taken == Taken::Yes) continue;
    verdict.message += verdict.is_denied ? "," : "Quota is exhausted for: ";
    verdict.message += quota.name;
    verdict.is_denied = true;
    verdict.code = kResourceExhausted;
  }
}

}  // namespace policy
