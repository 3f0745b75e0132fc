#include "registry.h"

namespace proxy {

// Built at first use: the order in which files initialise their statics is nobody's business.
Contexts& contexts() {
  static Contexts table;
  return table;
}

Calls& calls() {
  static Calls table;
  return table;
}

}  // namespace proxy
