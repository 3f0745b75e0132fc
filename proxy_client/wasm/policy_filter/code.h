// Code and what it reads.
#pragma once

#include <cstdint>
#include <string_view>

#include "policy_filter/items.h"
#include "policy_filter/value.h"

namespace policy {

using Text = std::string_view;

enum class Op : uint32_t {
  Const,
  Attr,
  AttrOr,
  Entry,
  EntryOr,
  Index,
  IndexOr,
  Jump,
  Unless,
  And,
  Or,
  Pop,
  Select,
  Compare,
  Add,
  Match,
  Matches,
  StartsWith,
  EndsWith,
  ToLower,
  Size,
  Ip,
  Time,
  Text,
  Fail
};
inline constexpr uint32_t kOpCount = 25;

enum class SourceKind : uint32_t {
  Constant,
  Absent,
  First,
  Header,
  FilledHeader,
  Path,
  UrlPath,
  QueryParams,
  Headers,
  ContentLength,
  Protocol,
  ApiProtocol,
  Principal,
  PrincipalNamespace,
  Property,
  Address,
  ResponseHeaders,
  GrpcStatus,
  GrpcMessage,
  ResponseFlags,
  EndTime
};

/// Index of the code of a match that always holds, and of texts that are always empty.
inline constexpr int32_t kAlways = -1;

/// A property of the request's connection, which is the same for all its requests; None is zero, as
/// all of a program is.
enum class FactNumber : uint32_t {
  None,
  Mtls,
  ServerName,
  DestinationAddress,
  DestinationPort,
  PeerUri,
  PeerDns,
  PeerSubject,
  LocalUri,
  LocalDns,
  LocalSubject
};
inline constexpr uint32_t kFactCount = 11;

struct Source {
  SourceKind kind;
  Kind type;  // of a property
  FactNumber fact;
  Text name;  // a header, a side, or a property's path with NUL between its parts
  bool has_default;
  Text default_text;
  int64_t default_number;
  uint32_t constant;
  Items<Source> sources;
  Items<Text> codes;
};

using Code = Items<uint32_t>;

}  // namespace policy
