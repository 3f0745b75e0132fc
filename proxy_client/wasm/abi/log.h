// Log lines in Envoy's log (logger "wasm"), and the end of the VM.
#pragma once

#include <string_view>

#include "imports.h"

namespace proxy {

/// Writes one line; costs a call of the host even when the level is off, see `log_level`.
inline void log(LogLevel level, std::string_view text) {
  host::proxy_log(level, text.data(), text.size());
}

/// The least severe level that Envoy writes at present. Ask before building a costly text.
inline LogLevel log_level() {
  auto level = LogLevel::Info;
  host::proxy_get_log_level(&level);
  return level;
}

/// Ends this VM with a trap: for broken invariants only. Envoy's `failure_policy` decides on the
/// requests of this worker from here on, and with FAIL_RELOAD starts a new VM.
[[noreturn]] inline void panic(std::string_view why) {
  log(LogLevel::Critical, why);
  __builtin_trap();
}

}  // namespace proxy
