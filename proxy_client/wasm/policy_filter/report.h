// What is recorded of requests that have ended.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "abi/filter.h"
#include "policy_filter/machine.h"

namespace policy {

class Reporter {
 public:
  explicit Reporter(const Program& program) : program_(program), series_(program.metrics.size()) {}

  /// Records the request that `machine` is at.
  void report(Machine& machine);

 private:
  using Series = std::map<std::string, uint32_t, std::less<>>;

  void record(const Metric& metric, Series& series, Machine& machine);
  bool name(const Metric& metric, Machine& machine);
  const uint32_t* stat(const Metric& metric, Series& series) const;
  void write(const Log& log, Machine& machine);
  bool compose(const Log& log, uint32_t level, Machine& machine);

  const Program& program_;
  std::vector<Series> series_;  // the host's numbers of the stats of each metric
  std::string line_;            // kept, so that it seldom has to grow
};

}  // namespace policy
