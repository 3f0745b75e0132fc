// Metrics and logs.
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr std::string_view kSamples[] = {"counter", "gauge", "histogram"};
constexpr uint32_t kMaxLevel = 2;

constexpr Member kLabel[] = {
    {"name", text, offsetof(Label, name)},
    {"code", index, offsetof(Label, code)},
};

constexpr Member kMetric[] = {
    {"match", index, offsetof(Metric, match)},
    {"kind", name<kSamples>, offsetof(Metric, kind)},
    {"stat", text, offsetof(Metric, stat)},
    {"labels", list_of<Label, tuple<kLabel>>, offsetof(Metric, labels)},
    {"value", natural, offsetof(Metric, value)},
    {"scale", integer, offsetof(Metric, scale)},
    {"max_series", natural, offsetof(Metric, max_series)},
};

constexpr Member kField[] = {
    {"key", text, offsetof(Field, key)},
    {"code", index, offsetof(Field, code)},
    {"is_quoted", boolean, offsetof(Field, is_quoted)},
};

void read_levels(Reader& json, Items<Level>& levels) {
  json.object([&](std::string_view key) {
    levels.add(json.arena()) = {json.arena().copy(key), json.natural(kMaxLevel)};
  });
}

constexpr Member kLog[] = {
    {"match", index, offsetof(Log, match)},
    {"instance", text, offsetof(Log, instance)},
    {"severity", index, offsetof(Log, severity)},
    {"levels", with<Items<Level>, read_levels>, offsetof(Log, levels)},
    {"lowest", natural, offsetof(Log, lowest)},
    {"time", index, offsetof(Log, time)},
    {"fields", list_of<Field, tuple<kField>>, offsetof(Log, fields)},
};

}  // namespace

void read_metric(Reader& json, void* target) {
  auto& metric = *static_cast<Metric*>(target);
  read_all(json, kMetric, &metric);
  if (metric.scale <= 0) json.fail("scale is not positive");
}

void read_log(Reader& json, void* log) { read_all(json, kLog, log); }

}  // namespace policy
