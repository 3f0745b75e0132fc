// The parts of a request's path.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/map.h"

namespace base {

/// What stands before the question mark.
std::string_view url_path(std::string_view path);

/// The parameters of the query, decoded, the first value of each name, sorted by name; empty when
/// there are none or the arena is exhausted. The twin of mixer/attribute/url.py.
Map query_params(std::string_view path, Arena& arena);

}  // namespace base
