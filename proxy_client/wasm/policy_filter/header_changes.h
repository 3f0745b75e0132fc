// Header operations.
#pragma once

#include <string>
#include <vector>

#include "abi/filter.h"
#include "policy_filter/machine.h"

namespace policy {

/// A change of response headers that waits for them.
struct Waiting {
  const HeaderChange* change;
  std::string value;
};

/// Changes the request's headers, and collects what is to change in the response's.
void change_headers(const Program& program, Machine& machine, std::vector<Waiting>& waiting);

/// Changes one header.
void apply(proxy::HeaderMap map, const HeaderChange& change, std::string_view value);

}  // namespace policy
