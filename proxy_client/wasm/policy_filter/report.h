// What is recorded of requests that have ended.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "abi/filter.h"
#include "policy_filter/machine.h"
#include "policy_filter/series.h"

namespace policy {

class Reporter {
 public:
  explicit Reporter(const Program& program)
      : program_(program), series_(new Series[program.metrics.size()]) {}

  /// Records the request that `machine` is at.
  void report(Machine& machine);

 private:
  void record(const Metric& metric, Series& series, Machine& machine);
  bool name(const Metric& metric, Machine& machine);
  std::optional<uint32_t> stat(const Metric& metric, Series& series) const;
  void append_label(const Label& label, Text text);
  void write(const Log& log, Machine& machine);
  bool compose(const Log& log, uint32_t level, Machine& machine);

  const Program& program_;
  std::unique_ptr<Series[]> series_;  // of each metric
  std::string line_;                  // kept, so that it seldom has to grow
};

}  // namespace policy
