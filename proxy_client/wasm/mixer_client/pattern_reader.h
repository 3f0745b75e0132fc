// From the text of an RE2 pattern to its program.
//
// Groups only group, and lazy repetition matches what greedy does, because nobody asks what
// matched. What RE2 refuses is refused (RE2 `re2/parse.cc`). Refused as well is what would need
// tables of Unicode (`\pL`, names of groups beyond ASCII, case beyond ASCII), `\C`, and what needs
// more than PatternProgram::kMaxSize instructions.
#pragma once

#include <string>
#include <string_view>

#include "mixer_client/pattern_program.h"

namespace mixer_client {

/// Gives what is wrong and where, empty when nothing is.
std::string read_pattern(std::string_view text, PatternProgram& program);

}  // namespace mixer_client
