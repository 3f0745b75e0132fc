#include "policy_filter/report.h"

namespace policy {
namespace {

constexpr std::string_view kLevels[] = {"info", "warn", "error"};
constexpr proxy::LogLevel kHostLevels[] = {proxy::LogLevel::Info, proxy::LogLevel::Warning,
                                           proxy::LogLevel::Error};
constexpr proxy::MetricKind kKinds[] = {proxy::MetricKind::Counter, proxy::MetricKind::Gauge,
                                        proxy::MetricKind::Histogram};

void quote_control(char c, std::string& to) {
  constexpr std::string_view kShort = "\b\t\n\f\r", kNames = "btnfr";
  auto place = kShort.find(c);
  to += '\\';
  if (place != std::string_view::npos) {
    to += kNames[place];
    return;
  }
  to += "u00";
  to += "0123456789abcdef"[c >> 4];
  to += "0123456789abcdef"[c & 15];
}

void quote(std::string_view text, std::string& to) {
  to += '"';
  for (char c : text) {
    if (static_cast<uint8_t>(c) < ' ') {
      quote_control(c, to);
      continue;
    }
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
}

uint32_t level_of(const Log& log, std::string_view severity) {
  for (auto& [name, level] : log.levels) {
    if (name == severity) return level;
  }
  return 0;
}

}  // namespace

void Reporter::report(Machine& machine) {
  for (size_t i = 0; i < series_.size(); ++i) {
    auto& metric = program_.metrics[i];
    if (machine.holds(metric.match)) record(metric, series_[i], machine);
  }
  for (auto& log : program_.logs) {
    if (machine.holds(log.match)) write(log, machine);
  }
}

void Reporter::record(const Metric& metric, Series& series, Machine& machine) {
  Value value;
  if (!name(metric, machine) || !machine.run(metric.value, value)) return;
  if (value.number < 0 || machine.has_failed()) return;
  auto number = value.number / metric.scale;
  auto* id = stat(metric, series);
  if (id == nullptr) return;
  if (metric.kind == SampleKind::Counter) {
    proxy::host::proxy_increment_metric(*id, number);
  } else {
    proxy::host::proxy_record_metric(*id, static_cast<uint64_t>(number));
  }
}

// Puts the name of the stat into `line_`.
bool Reporter::name(const Metric& metric, Machine& machine) {
  line_.clear();
  for (auto& label : metric.labels) {
    std::string_view text;
    if (!machine.text(label.code, text)) return false;
    line_.append(label.name).append("=.=").append(text).append(";.;");
  }
  line_ += metric.stat;
  return true;
}

// The host's number of the stat whose name is in `line_`; null if there are too many.
const uint32_t* Reporter::stat(const Metric& metric, Series& series) const {
  auto known = series.find(line_);
  if (known != series.end()) return &known->second;
  if (series.size() >= metric.max_series) return nullptr;
  uint32_t id = 0;
  auto kind = kKinds[static_cast<uint32_t>(metric.kind)];
  auto status = proxy::host::proxy_define_metric(kind, line_.data(), line_.size(), &id);
  if (status != proxy::Status::Ok) return nullptr;
  return &series.emplace(line_, id).first->second;
}

void Reporter::write(const Log& log, Machine& machine) {
  std::string_view severity;
  if (!machine.text(log.severity, severity)) return;
  auto level = level_of(log, severity);
  if (level < log.lowest || !compose(log, level, machine) || machine.has_failed()) return;
  proxy::log(kHostLevels[level], line_);
}

bool Reporter::compose(const Log& log, uint32_t level, Machine& machine) {
  std::string_view text;
  if (!machine.text(log.time, text)) return false;
  line_.assign("{\"level\":\"").append(kLevels[level]).append("\",\"time\":");
  quote(text, line_);
  line_ += ",\"instance\":";
  quote(log.instance, line_);
  for (auto& field : log.fields) {
    if (!machine.text(field.code, text)) return false;
    line_ += ',';
    quote(field.key, line_);
    line_ += ':';
    if (field.is_quoted) {
      quote(text, line_);
    } else {
      line_ += text;
    }
  }
  line_ += '}';
  return true;
}

}  // namespace policy
