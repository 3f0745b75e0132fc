#include "policy_filter/type.h"

namespace policy {
namespace {

constexpr std::string_view kTypeNames[] = {"text",    "number", "bool",    "double",
                                           "address", "map",    "anything"};

}  // namespace

std::string_view name_of(Type type) { return kTypeNames[static_cast<uint32_t>(type)]; }

Type type_of(Kind kind) {
  switch (kind) {
    case Kind::Text:
      return Type::Text;
    case Kind::Bool:
      return Type::Bool;
    case Kind::Double:
      return Type::Double;
    case Kind::Address:
      return Type::Address;
    case Kind::Map:
      return Type::Map;
    default:
      return Type::Number;
  }
}

Type type_of(const Program& program, const Source& source) {
  switch (source.kind) {
    case SourceKind::Constant:
      return type_of(program.constants[source.constant].kind);
    case SourceKind::Absent:
      return Type::Any;
    case SourceKind::First: {
      auto type = Type::Any;
      for (auto& other : source.sources) agree(type, type_of(program, other));
      return type;
    }
    case SourceKind::QueryParams:
    case SourceKind::Headers:
    case SourceKind::ResponseHeaders:
      return Type::Map;
    case SourceKind::ContentLength:
    case SourceKind::EndTime:
      return Type::Number;
    case SourceKind::Property:
      return type_of(source.type);
    case SourceKind::Address:
      return Type::Address;
    default:
      return Type::Text;
  }
}

bool agree(Type& one, Type other) {
  if (one == Type::Any) one = other;
  return other == Type::Any || one == other;
}

}  // namespace policy
