// What Envoy says of a connection, which it says of each request on it.
#pragma once

#include <cstdint>

#include "policy_filter/program.h"

namespace policy {

/// A property of a connection, as Envoy gave it once.
class Fact {
 public:
  bool is_known() const { return state_ != State::Unknown; }
  /// Empty when the property is missing.
  Text view() const { return {bytes_, size_}; }
  /// Keeps what is short enough.
  void keep(Text bytes);

 private:
  enum class State : uint8_t { Unknown, Known };

  State state_;
  uint8_t size_;
  char bytes_[126];
};

/// The path of a fact.
Text path_of(FactNumber number);
/// None if the property of that path may change from request to request.
FactNumber fact_number(Text path);

/// The facts of one connection.
class Connection {
 public:
  /// That of the request that the host is at; null if it has no number. Costs a call of the host,
  /// so it pays from the second fact on.
  ///
  /// There is room for 256 connections of the VM; of those whose numbers end alike, the one that
  /// was busy last has it.
  static Connection* current();
  Fact& fact(FactNumber number) { return facts_[static_cast<uint32_t>(number)]; }

 private:
  uint64_t id_;
  Fact facts_[kFactCount];
};

}  // namespace policy
