#include "policy_filter/quota.h"

#include <algorithm>

#include "abi/filter.h"
#include "policy_filter/cells.h"

namespace policy {
namespace {

using Dimensions = std::vector<std::string_view>;

bool is_met(const Override& other, const Dimensions& dimensions) {
  return std::all_of(other.where.begin(), other.where.end(), [&](const Condition& condition) {
    auto& texts = condition.texts;
    return std::find(texts.begin(), texts.end(), dimensions[condition.dimension]) != texts.end();
  });
}

uint32_t limit_of(const QuotaLimit& limit, const Dimensions& dimensions) {
  for (auto& other : limit.overrides) {
    if (is_met(other, dimensions)) return other.limit;
  }
  return limit.limit;
}

class Asking {
 public:
  Asking(const Program& program, Machine& machine, const Quota& quota)
      : program_(program), machine_(machine), quota_(quota) {}

  Taken run() {
    // Which hold is settled before any is asked.
    for (auto& limit : quota_.limits) {
      if (machine_.holds(limit.match)) holding_.push_back(&limit);
    }
    for (auto* limit : holding_) {
      if (!ask(*limit)) return has_failed_ ? Taken::Failed : Taken::No;
    }
    return grants_ || holding_.empty() ? Taken::Yes : Taken::No;
  }

 private:
  // False when code fails, or the cells.
  bool ask(const QuotaLimit& limit) {
    if (limit.kind == AnswerKind::Take) return take(limit);
    grants_ = grants_ || limit.kind == AnswerKind::All;
    return machine_.evaluate(limit.evaluate);
  }

  bool take(const QuotaLimit& limit) {
    Dimensions dimensions(limit.dimensions.size());
    for (size_t i = 0; i < dimensions.size(); ++i) {
      if (!machine_.text(static_cast<int32_t>(limit.dimensions[i]), dimensions[i])) return false;
    }
    if (was_asked(limit.handler)) return true;
    asked_.push_back(limit.handler);
    std::string key;
    for (auto text : dimensions) key.append(std::to_string(text.size())).append(":").append(text);
    auto& cells = program_.limits[limit_of(limit, dimensions)];
    auto taken = policy::take(cells, key, quota_.amount, proxy::now_ns());
    grants_ = grants_ || taken == Taken::Yes;
    has_failed_ = taken == Taken::Failed;
    return !has_failed_;
  }

  bool was_asked(std::string_view handler) const {
    return std::find(asked_.begin(), asked_.end(), handler) != asked_.end();
  }

  const Program& program_;
  Machine& machine_;
  const Quota& quota_;
  std::vector<const QuotaLimit*> holding_;
  std::vector<std::string_view> asked_;
  bool grants_ = false;
  bool has_failed_ = false;
};

}  // namespace

void ask_quotas(const Program& program, Machine& machine, Verdict& verdict) {
  std::string names;
  for (auto& quota : program.quotas) {
    auto taken = Asking(program, machine, quota).run();
    if (taken == Taken::Failed || machine.has_failed()) {
      verdict.has_failed = true;
      return;
    }
    if (taken == Taken::Yes) continue;
    if (verdict.is_denied) names += ',';
    verdict.is_denied = true;
    names += quota.name;
  }
  if (!verdict.is_denied) return;
  verdict.code = kResourceExhausted;
  verdict.message = "Quota is exhausted for: " + names;
}

}  // namespace policy
