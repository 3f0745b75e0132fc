// What filters say of a request → attributes; the C++ twin of
// proxy_client/http/dynamic_metadata.py.
//
// Envoy hands it over as a serialised envoy.config.core.v3.Metadata: structs by namespace. Both
// that and a google.protobuf.Struct are messages whose field 1 is a map, and both are read where
// they lie.
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/map.h"
#include "mixer_client/proto.h"

namespace mixer_client {

inline constexpr std::string_view kAuthentication = "istio_authn";
inline constexpr std::string_view kRbac = "envoy.filters.http.rbac";
/// What this filter's ancestor said of a request; never an attribute.
inline constexpr std::string_view kOwnMetadata = "istio.mixer";

/// Calls `visit(key, value)` for each entry of the map; values are bytes of messages.
template <class Visit>
void for_each_entry(std::string_view message, Visit visit) {
  constexpr auto kMap = proto::tag(1, proto::Wire::Bytes);
  for (proto::Reader fields(message); fields.next();) {
    if (fields.tag() != kMap) continue;
    std::string_view key, value;
    for (proto::Reader entry(fields.bytes()); entry.next();) {
      if (entry.tag() == proto::tag(1, proto::Wire::Bytes)) key = entry.bytes();
      if (entry.tag() == proto::tag(2, proto::Wire::Bytes)) value = entry.bytes();
    }
    visit(key, value);
  }
}

/// The value of one entry; nothing when there is none.
std::optional<std::string_view> find_entry(std::string_view message, std::string_view key);

/// The text of a google.protobuf.Value; empty when it is none.
std::string_view value_text(std::string_view value, base::Arena& arena);
/// That of the first item when the value is a list, else like `value_text`.
std::string_view first_text(std::string_view value, base::Arena& arena);
/// The bytes of the struct that a google.protobuf.Value is; empty when it is none.
std::string_view value_struct(std::string_view value);

/// The strings of a struct, and its lists, joined with `,`; other things are left out. What is no
/// string in a list is empty there.
base::Map string_entries(std::string_view fields, base::Arena& arena);

}  // namespace mixer_client
