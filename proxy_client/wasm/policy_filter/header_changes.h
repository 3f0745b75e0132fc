// Header operations.
#pragma once

#include "abi/filter.h"
#include "policy_filter/machine.h"

namespace policy {

/// A change with the value that its code gave.
struct Change {
  const HeaderChange* change;
  Text value;
};

/// Changes of response headers that wait for them, in one block of memory.
class WaitingChanges {
 public:
  WaitingChanges() = default;
  WaitingChanges(const WaitingChanges&) = delete;
  WaitingChanges& operator=(const WaitingChanges&) = delete;
  ~WaitingChanges() { ::operator delete(block_); }

  /// Copies changes, whose values end with the request's callback. False when there is no memory.
  bool keep(const Items<Change>& changes);
  /// Makes them.
  void apply() const;

 private:
  void* block_ = nullptr;
  uint32_t count_ = 0;
};

/// Changes the request's headers, and keeps what is to change in the response's. False when it
/// can't, and has changed nothing.
bool change_headers(const Program& program, Machine& machine, WaitingChanges& waiting);

}  // namespace policy
