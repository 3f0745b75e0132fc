// The attributes of one request, each worked out when it is asked for and kept.
#pragma once

#include <vector>

#include "abi/filter.h"
#include "base/arena.h"
#include "policy_filter/program.h"

namespace policy {

using base::Arena;

enum class Phase { Check, Report };

class Attributes {
 public:
  Attributes(const Program& program, Arena& arena)
      : program_(program), arena_(arena), found_(program.attributes.size()) {}

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

  bool find(const Source& source, Value& value);
  bool text(std::string_view found, Value& value);
  bool filled(std::string_view found, const Source& source, Value& value);
  bool property(const Source& source, Value& value);
  bool map(const Map& found, Value& value);
  bool without_partial_body(Value& value);
  bool query_params(Value& value);
  bool response_headers(Value& value);
  bool grpc(std::string_view name, Value& value);
  bool flags(const Source& source, Value& value);
  bool end_time(Value& value);
  bool address(const Source& source, Value& value);
  bool content_length(Value& value);
  bool space(Value& value);

  /// The header; null if it is missing.
  const Entry* header(std::string_view name) { return headers(proxy::HeaderMap::Request).find(name); }
  std::string_view header_text(std::string_view name);
  const Map& headers(proxy::HeaderMap which);
  void join(proxy::Pairs pairs, Map& lines);
  std::string_view path();
  std::string_view query();
  std::string_view identity(std::string_view side);
  bool is_grpc();
  const Entry* grpc_line(std::string_view name);
  /// The bytes of a property, kept until the next `begin`; empty if it is missing.
  std::string_view property_bytes(std::string_view path);
  std::string_view wellformed(std::string_view bytes);
  std::string_view unescaped(std::string_view text);
  Entry* entries(size_t count);

  const Program& program_;
  Arena& arena_;
  std::vector<Slot> found_;
  std::vector<proxy::HostBytes> kept_;
  Headers headers_[4];
  Phase phase_ = Phase::Check;
  bool has_failed_ = false;
};

}  // namespace policy
