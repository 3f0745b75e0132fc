// The attributes of one request, each worked out when it is asked for and kept.
#pragma once

#include <optional>
#include <vector>

#include "abi/filter.h"
#include "base/arena.h"
#include "policy_filter/connection.h"
#include "policy_filter/program.h"

namespace policy {

using base::Arena;

enum class Phase { Check, Report };

class Attributes {
 public:
  Attributes(Program& program, Arena& arena);

  /// Forgets the last request. What is read belongs to the host's current request from here on.
  void begin(Phase phase);
  /// The value; null if it is absent.
  const Value* read(uint32_t number);
  /// Whether the host or the arena had no memory for something.
  bool has_failed() const { return has_failed_ || arena_.is_exhausted(); }

 private:
  enum class State : uint8_t { Unknown, Absent, Present };
  struct Slot {
    Value value;
    State state = State::Unknown;
  };
  struct Headers {
    bool is_read = false;
    Map lines;
  };
  /// Bytes of the host; of the property of that path, if it has one.
  struct Kept {
    Text path;
    proxy::HostBytes bytes;
  };

  bool find(const Source& source, Value& value);
  bool text(std::string_view found, Value& value);
  bool filled(std::string_view found, const Source& source, Value& value);
  bool property(const Source& source, Value& value);
  bool map(const Map& found, Value& value);
  bool without_partial_body(Value& value);
  bool response_headers(Value& value);
  bool grpc(std::string_view name, Value& value);
  bool flags(const Source& source, Value& value);
  bool end_time(Value& value);
  bool address(const Source& source, Value& value);
  bool content_length(Value& value);
  bool principal(std::string_view side, Value& value);
  bool space(Value& value);

  /// The header; null if it is missing.
  const Entry* header(std::string_view name) {
    return headers(proxy::HeaderMap::Request).find(name);
  }
  std::string_view header_text(std::string_view name);
  const Map& headers(proxy::HeaderMap which);
  void join(proxy::Pairs pairs, Map& lines);
  std::string_view path();
  std::string_view identity(std::string_view side);
  bool is_grpc();
  const Entry* grpc_line(std::string_view name);
  /// What the host has given, kept until the next `begin`; empty if there is nothing.
  std::string_view keep(Text path, proxy::HostBytes bytes);
  /// What the connection knows of a property; null if it can't, or is not worth to be asked.
  Fact* known_fact(FactNumber number);
  /// The bytes of a property, which is asked for once for a connection; empty if it is missing.
  std::string_view fact_bytes(FactNumber number);
  std::string_view property_bytes(const Source& source);
  /// The same, asked for once for a request.
  std::string_view property_bytes(std::string_view path);
  std::string_view wellformed(std::string_view bytes);
  Entry* entries(size_t count);

  const Program& program_;
  Arena& arena_;
  Slot* found_;
  std::vector<Kept> kept_;  // empty between requests, but keeps its room
  Headers headers_[4];
  bool has_facts_;  // several, so that one call for the connection is less
  std::optional<Connection*> connection_;
  Phase phase_ = Phase::Check;
  bool has_failed_ = false;
};

}  // namespace policy
