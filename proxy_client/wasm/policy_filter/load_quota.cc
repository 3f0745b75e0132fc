// Quotas.
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr std::string_view kAnswers[] = {"all", "nothing", "take"};

constexpr Member kCondition[] = {
    {"dimension", natural, offsetof(Condition, dimension)},
    {"texts", list_of<Text, text>, offsetof(Condition, texts)},
};

constexpr Member kOverride[] = {
    {"where", list_of<Condition, tuple<kCondition>>, offsetof(Override, where)},
    {"limit", natural, offsetof(Override, limit)},
};

constexpr Member kQuotaLimit[] = {
    {"do", name<kAnswers>, offsetof(QuotaLimit, kind)},
    {"match", index, offsetof(QuotaLimit, match)},
    {"evaluate", list_of<uint32_t, natural>, offsetof(QuotaLimit, evaluate)},
    {"handler", text, offsetof(QuotaLimit, handler)},
    {"dimensions", list_of<uint32_t, natural>, offsetof(QuotaLimit, dimensions)},
    {"overrides", list_of<Override, object<kOverride>>, offsetof(QuotaLimit, overrides)},
    {"limit", natural, offsetof(QuotaLimit, limit)},
};
// Which of these keys a limit of each kind has.
constexpr uint32_t kQuotaLimitKeys[] = {0b0000111, 0b0000111, 0b1111011};

void read_quota_limit(Reader& json, QuotaLimit& limit) {
  auto seen = read_some(json, kQuotaLimit, &limit);
  if (seen != kQuotaLimitKeys[static_cast<uint32_t>(limit.kind)]) {
    json.fail("a limit with other keys");
  }
}

constexpr Member kQuota[] = {
    {"name", text, offsetof(Quota, name)},
    {"amount", integer, offsetof(Quota, amount)},
    {"limits", list_of<QuotaLimit, with<QuotaLimit, read_quota_limit>>, offsetof(Quota, limits)},
};

}  // namespace

void read_quota(Reader& json, void* quota) { read_all(json, kQuota, quota); }

}  // namespace policy
