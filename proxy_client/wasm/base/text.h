// Bytes of unknown origin as texts.
#pragma once

#include <string_view>

#include "base/arena.h"

namespace base {

/// The bytes, with U+FFFD for each maximal part that is not UTF-8, as Python decodes with
/// errors="replace". The same view when nothing is to be replaced; empty when the arena is
/// exhausted.
std::string_view replace_illformed(std::string_view bytes, Arena& arena);

}  // namespace base
