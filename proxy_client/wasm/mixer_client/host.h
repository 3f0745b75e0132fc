// What the client needs of the filter that it works for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "abi/types.h"
#include "mixer_client/verdict.h"

namespace mixer_client {

enum class Method : uint8_t { Check, Report };

class Host {
 public:
  virtual ~Host() = default;

  /// Sends a call to Mixer, which is answered exactly once, and never before this returns. Nothing
  /// when it could not be sent.
  virtual std::optional<proxy::Token> send(Method method, std::string_view message) = 0;
  /// Ends a call; there will be no answer.
  virtual void cancel(proxy::Token token) = 0;
  /// The time of a clock that never jumps.
  virtual uint64_t now_ns() const = 0;
  /// Has the client's tick come at this time, or not much later; other wishes stay.
  virtual void wake_at(uint64_t due_ns) = 0;
  /// Tells the verdict to the request that asked.
  virtual void decided(uint32_t asker, const Verdict& verdict) = 0;
};

}  // namespace mixer_client
