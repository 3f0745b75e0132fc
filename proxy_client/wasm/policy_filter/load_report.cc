// Metrics and logs.
#include "policy_filter/fields.h"
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr std::string_view kSamples[] = {"counter", "gauge", "histogram"};
constexpr uint32_t kMaxLevel = 2;

void read_label(JsonReader& json, Label& label) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    size = index + 1;
    if (index == 0) {
      label.name = json.text();
    } else {
      label.code = read_index(json);
    }
  });
  expect_size(json, size, 2);
}

constexpr FieldOf<Metric> kMetric[] = {
    {"match", [](JsonReader& json, Metric& it) { it.match = read_index(json); }},
    {"kind",
     [](JsonReader& json, Metric& it) { it.kind = static_cast<SampleKind>(read_name(json, kSamples)); }},
    {"stat", [](JsonReader& json, Metric& it) { it.stat = json.text(); }},
    {"labels", [](JsonReader& json, Metric& it) { read_list(json, it.labels, read_label); }},
    {"value", [](JsonReader& json, Metric& it) { it.value = json.natural(); }},
    {"scale", [](JsonReader& json, Metric& it) { it.scale = json.integer(); }},
    {"max_series", [](JsonReader& json, Metric& it) { it.max_series = json.natural(); }},
};

void read_field(JsonReader& json, Field& field) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    if (index == 0) field.key = json.text();
    if (index == 1) field.code = read_index(json);
    if (index == 2) field.is_quoted = json.boolean();
    size = index + 1;
    if (size > 3) json.fail("a list of another length");
  });
  expect_size(json, size, 3);
}

constexpr FieldOf<Log> kLog[] = {
    {"match", [](JsonReader& json, Log& it) { it.match = read_index(json); }},
    {"instance", [](JsonReader& json, Log& it) { it.instance = json.text(); }},
    {"severity", [](JsonReader& json, Log& it) { it.severity = read_index(json); }},
    {"levels",
     [](JsonReader& json, Log& it) {
       json.object([&](std::string_view key) {
         std::string name(key);
         it.levels.emplace_back(std::move(name), json.natural(kMaxLevel));
       });
     }},
    {"lowest", [](JsonReader& json, Log& it) { it.lowest = json.natural(); }},
    {"time", [](JsonReader& json, Log& it) { it.time = read_index(json); }},
    {"fields", [](JsonReader& json, Log& it) { read_list(json, it.fields, read_field); }},
};

}  // namespace

void read_metric(JsonReader& json, Metric& metric) {
  read_all(json, kMetric, metric);
  if (metric.scale <= 0) json.fail("scale is not positive");
}

void read_log(JsonReader& json, Log& log) { read_all(json, kLog, log); }

}  // namespace policy
