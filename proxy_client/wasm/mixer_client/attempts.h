// Checks on their way, each sent until it succeeds, or has been sent often enough; the C++ twin of
// proxy_client/attempts.py.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "abi/id_table.h"
#include "mixer_client/host.h"
#include "mixer_client/settings.h"

namespace mixer_client {

/// One Check, which stays the same however often it is sent, so that the server can tell.
struct Attempt {
  /// Which one it is: from 1.
  uint64_t number = 0;
  std::string request;
  uint32_t retry_count = 0;
  /// While it is under way.
  std::optional<proxy::Token> token;
  /// While it waits to be sent again; else 0.
  uint64_t due_ns = 0;
};

/// Which attempts are under way, and which wait. Owns none of them.
class Attempts {
 public:
  /// `seed` decides how long the waits are.
  Attempts(const Transport& transport, Host& host, uint64_t seed);

  /// Whether it could be sent.
  bool send(Attempt& attempt);
  /// Has one wait that has failed, from `base` to `base * 2^n`; false when it was sent often
  /// enough.
  bool wait(Attempt& attempt);
  /// Forgets one. Whether it was under way: then its call is ended.
  bool give_up(Attempt& attempt);
  /// The number of the one whose call was answered, or 0.
  uint64_t answered(proxy::Token token);
  /// The number of one that is to be sent again now, or 0. When there is none left, the host will
  /// wake this for the next one.
  uint64_t take_due();

 private:
  uint64_t draw_wait_ms(uint32_t retry);

  const Transport& transport_;
  Host& host_;
  uint64_t random_;
  proxy::IdTable<uint64_t> under_way_;               // numbers by tokens
  std::set<std::pair<uint64_t, uint64_t>> waiting_;  // when, and which
};

}  // namespace mixer_client
