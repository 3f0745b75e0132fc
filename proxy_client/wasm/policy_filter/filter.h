// A filter that executes an exported policy program: docs/policy_program.md.
#pragma once

#include "abi/filter.h"
#include "abi/metric.h"
#include "policy_filter/check.h"
#include "policy_filter/header_changes.h"
#include "policy_filter/report.h"

namespace policy {

/// What became of the requests that got this far; all workers count together.
struct Statistics {
  proxy::Counter allowed{"policy_filter.allowed"};
  proxy::Counter denied{"policy_filter.denied"};
  proxy::Counter undecided{"policy_filter.undecided"};
};

/// Configured by the program.
class Root : public proxy::RootContext {
 public:
  using RootContext::RootContext;

  bool on_configure(std::string_view configuration) override;
  std::unique_ptr<proxy::StreamContext> make_stream(uint32_t id) override;

  const Program& program() const { return program_; }
  Machine& machine() { return *machine_; }
  Reporter& reporter() { return *reporter_; }
  const Statistics& statistics() const { return statistics_; }

 private:
  Program program_;
  Statistics statistics_;
  // One of each for all streams: a callback ends before the next one begins.
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<Reporter> reporter_;
};

class Stream : public proxy::StreamContext {
 public:
  using StreamContext::StreamContext;

  proxy::HeadersAction on_request_headers(uint32_t count, bool end_of_stream) override;
  proxy::HeadersAction on_response_headers(uint32_t count, bool end_of_stream) override;
  void on_log() override;

 private:
  Root& policy_root() const { return static_cast<Root&>(root()); }
  proxy::HeadersAction give_up();
  proxy::HeadersAction deny(const Verdict& verdict);

  WaitingChanges waiting_;
};

}  // namespace policy
