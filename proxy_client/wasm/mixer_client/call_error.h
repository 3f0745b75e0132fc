// Why a call to Mixer brought no answer.
#pragma once

#include "abi/call.h"
#include "mixer_client/verdict.h"

namespace mixer_client {

struct CallError {
  enum class Kind : uint8_t {
    Timeout,      // the answer did not come in time
    Unreachable,  // no server was reached, or it went away; another try may succeed
    Refused,      // the server answered with an error
  };

  Kind kind;
  Status status;
};

/// What an answer other than kGrpcOk means.
CallError error_of(const proxy::GrpcAnswer& answer);
/// A call that Envoy did not take.
CallError unsent();
/// A call that is too large to be made.
CallError too_large();
/// An answer that is none.
CallError unreadable();

/// Adds one to the counter of the error's kind.
template <class Counter>
void count(const CallError& error, Counter& timeouts, Counter& send_errors, Counter& other_errors) {
  switch (error.kind) {
    case CallError::Kind::Timeout:
      return timeouts.add();
    case CallError::Kind::Unreachable:
      return send_errors.add();
    case CallError::Kind::Refused:
      return other_errors.add();
  }
}

}  // namespace mixer_client
