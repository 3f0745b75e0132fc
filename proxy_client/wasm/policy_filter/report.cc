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
  for (auto& it : log.levels) {
    if (it.name == severity) return it.level;
  }
  return 0;
}

}  // namespace

void Reporter::report(Machine& machine) {
  for (uint32_t i = 0; i < program_.metrics.size(); ++i) {
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
  auto id = stat(metric, series);
  if (!id) return;
  if (metric.kind == SampleKind::Counter) {
    proxy::host::proxy_increment_metric(*id, number);
  } else {
    proxy::host::proxy_record_metric(*id, static_cast<uint64_t>(number));
  }
}

// Puts the name of the stat into `line_`.
bool Reporter::name(const Metric& metric, Machine& machine) {
  line_.assign(metric.stat);
  for (auto& label : metric.labels) {
    Text text;
    if (!machine.text(label.code, text)) return false;
    append_label(label, text);
  }
  return true;
}

// A value must not end the label, as Envoy's tags are taken out at each semicolon.
void Reporter::append_label(const Label& label, Text text) {
  line_.append(";.;").append(label.name).append("=.=");
  for (char c : text) line_.push_back(c == ';' ? ',' : c);
}

// The host's number of the stat whose name is in `line_`; nothing if there are too many.
std::optional<uint32_t> Reporter::stat(const Metric& metric, Series& series) const {
  auto* known = series.find(line_, metric.max_series);
  if (known == nullptr) return std::nullopt;
  if (*known != 0) return *known - 1;
  uint32_t number = 0;
  auto kind = kKinds[static_cast<uint32_t>(metric.kind)];
  auto status = proxy::host::proxy_define_metric(kind, line_.data(), line_.size(), &number);
  if (status != proxy::Status::Ok) return std::nullopt;
  *known = number + 1;
  return number;
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
