// What can go wrong inside the VM without ending it, and what is done then.
//
// A function deep in a callback says `fail(...)` and returns something harmless. When the callback
// is over, its router (router.cc) sees the failure and applies the root context's fail mode to the
// request: its FailureAnswer, or on to the upstream with no further callbacks. So there is one
// place where "we are broken" becomes an answer, and no other code has to unwind.
#pragma once

#include <cstdint>
#include <string_view>

namespace proxy {

enum class Failure : uint8_t {
  None,
  OutOfMemory,     // the VM's memory limit is reached
  TooManyStreams,  // more requests at a time than `kMaxStreams`
  TooManyCalls,    // more calls on their way than `kMaxCalls`
  Internal,        // the filter's own reasons
};

/// What happens to a request that could not be decided.
enum class FailMode : uint8_t { Closed, Open };

/// The reason as it stands in logs and in the response code details of the local reply.
constexpr std::string_view reason(Failure failure) {
  switch (failure) {
    case Failure::None:
      return "wasm_no_failure";
    case Failure::OutOfMemory:
      return "wasm_out_of_memory";
    case Failure::TooManyStreams:
      return "wasm_too_many_streams";
    case Failure::TooManyCalls:
      return "wasm_too_many_calls";
    case Failure::Internal:
      return "wasm_internal_failure";
  }
}

namespace failure {
inline Failure pending = Failure::None;
}

/// Lets the running callback end in the fail mode; the first failure of a callback counts.
inline void fail(Failure failure) {
  if (failure::pending == Failure::None) failure::pending = failure;
}

/// The failure of the callback that has just run, which is forgotten by this.
inline Failure take_failure() {
  auto taken = failure::pending;
  failure::pending = Failure::None;
  return taken;
}

}  // namespace proxy
