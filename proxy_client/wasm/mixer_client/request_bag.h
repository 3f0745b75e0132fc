// The attributes of a request in Envoy: tables A and B of Mixer's HTTP filter, each worked out when
// it is asked for and kept until the next `begin_...`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mixer_client/attribute_rows.h"
#include "mixer_client/bag.h"
#include "mixer_client/check_facts.h"
#include "mixer_client/forwarded.h"
#include "mixer_client/host_request.h"
#include "mixer_client/settings.h"
#include "mixer_client/status_text.h"

namespace mixer_client {

/// The service that the current request is for: the one that its route's metadata names as
/// `destination_service` in the namespace `mixer`, else the default. Null when there is none.
const Service* pick_service(const Settings& settings);

/// One for all requests of a root: it reads whatever stream the host is at.
class RequestBag final : public Bag {
 public:
  /// The settings gain names when filters of requests say things under new ones.
  explicit RequestBag(Settings& settings);

  /// Forgets the last request. `service` and `forwarded` must stay until the next `begin_...`.
  void begin_check(const Service& service, const Forwarded& forwarded);
  /// The same for the log callback: all of table B, too. `has_checked`: begin_check was called for
  /// this request before, so forwarded attributes win over all others, else it is the other way.
  void begin_report(const Service& service, const Forwarded& forwarded, const CheckFacts& facts,
                    bool has_checked);

  const Value* find(Name name) override;
  /// Whether memory for something was missing.
  bool has_failed() const { return host_.has_failed(); }

 private:
  enum class State : uint8_t { Unknown, Absent, Present };
  struct Slot {
    State state = State::Unknown;
    Value value;
  };

  void begin(const Service& service, const Forwarded& forwarded, bool is_over);
  bool work_out(Name name, Value& value);
  const Row* row(Name name) const;
  bool read(const Row* row, Value& value);
  bool find_configured(Name name, Value& value) const;
  bool find_forwarded(Name name, Value& value) const;
  void add_metadata();

  const std::span<const Row> check_rows_ = check_rows();
  const std::span<const Row> report_rows_ = report_rows();
  Settings& settings_;
  HostRequest host_;
  std::vector<Slot> slots_;  // by name
  const Service* service_ = nullptr;
  const Forwarded* forwarded_ = nullptr;
  CheckFacts facts_;
  bool is_over_ = false;
  bool has_checked_ = true;
};

}  // namespace mixer_client
