// Tables A and B of Mixer's HTTP filter: which attributes a request has by itself, and from where.
#pragma once

#include <span>
#include <string_view>

#include "mixer_client/check_facts.h"
#include "mixer_client/host_request.h"
#include "mixer_client/value.h"

namespace mixer_client {

/// What the attributes of a request are made from.
struct Sources {
  HostRequest& host;
  const CheckFacts& facts;
};

struct Row {
  std::string_view name;
  Type type;
  /// Sets what belongs to the type, which is set already; false when the request has no value.
  bool (*read)(const Sources& sources, Value& value);
  /// Whether it only counts where nothing is configured; otherwise it is the other way.
  bool yields_to_configured = false;
};

/// The bytes that stand for a name at compile time.
template <size_t Size>
struct Literal {
  consteval Literal(const char (&characters)[Size]) {
    for (size_t i = 0; i < Size; ++i) text[i] = characters[i];
  }
  constexpr std::string_view view() const { return {text, Size - 1}; }
  char text[Size];
};

/// Of requests that have come (table A).
std::span<const Row> check_rows();
/// Of requests that are over (table B), beside those.
std::span<const Row> report_rows();

// What both tables are made with.

inline bool set_text(std::string_view found, Value& value) {
  value.text = found;
  return true;
}

inline bool set_if_filled(std::string_view found, Value& value) {
  value.text = found;
  return !found.empty();
}

inline bool set_if_filled(const base::Map& found, Value& value) {
  value.map = found;
  return found.size != 0;
}

/// A property's 8 bytes, 0 when it is missing.
template <proxy::property_text::Joined Path>
bool number_property(const Sources& sources, Value& value) {
  value.number = sources.host.number(proxy::operator""_path < Path>());
  return true;
}

/// Sets the 4 or 16 bytes of an address.
bool set_address(std::string_view address, HostRequest& host, Value& value);
/// Sets a map of header lines, of repeated ones the last.
bool set_lines(std::span<const base::Entry> lines, HostRequest& host, Value& value);

}  // namespace mixer_client
