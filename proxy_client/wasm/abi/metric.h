// Statistics of Envoy. Names get "wasmcustom." before them in the admin port's /stats.
#pragma once

#include <cstdint>
#include <string_view>

#include "imports.h"

namespace proxy {

/// Defines metrics of one kind once, in `on_configure`, and changes them afterwards. Workers and
/// VMs that define one name share the value. `is_defined` is false when the host refused.
class Metric {
 public:
  Metric() = default;
  bool is_defined() const { return is_defined_; }

 protected:
  Metric(MetricKind kind, std::string_view name) {
    is_defined_ = host::proxy_define_metric(kind, name.data(), name.size(), &id_) == Status::Ok;
  }

  void increment(int64_t offset) const {
    if (is_defined_) host::proxy_increment_metric(id_, offset);
  }

  void record(uint64_t value) const {
    if (is_defined_) host::proxy_record_metric(id_, value);
  }

  uint64_t read() const {
    uint64_t value = 0;
    if (is_defined_) host::proxy_get_metric(id_, &value);
    return value;
  }

 private:
  uint32_t id_ = 0;
  bool is_defined_ = false;
};

class Counter : public Metric {
 public:
  Counter() = default;
  explicit Counter(std::string_view name) : Metric(MetricKind::Counter, name) {}
  void add(uint64_t count = 1) const { increment(static_cast<int64_t>(count)); }
  uint64_t value() const { return read(); }
};

class Gauge : public Metric {
 public:
  Gauge() = default;
  explicit Gauge(std::string_view name) : Metric(MetricKind::Gauge, name) {}
  void add(int64_t offset) const { increment(offset); }
  void set(uint64_t value) const { record(value); }
  uint64_t value() const { return read(); }
};

class Histogram : public Metric {
 public:
  Histogram() = default;
  explicit Histogram(std::string_view name) : Metric(MetricKind::Histogram, name) {}
  void observe(uint64_t value) const { record(value); }
};

}  // namespace proxy
