// Attributes.
#include "policy_filter/connection.h"
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr std::string_view kSourceNames[] = {"constant",
                                             "absent",
                                             "first",
                                             "header",
                                             "filled_header",
                                             "path",
                                             "url_path",
                                             "query_params",
                                             "headers",
                                             "content_length",
                                             "protocol",
                                             "api_protocol",
                                             "principal",
                                             "principal_namespace",
                                             "property",
                                             "address",
                                             "response_headers",
                                             "grpc_status",
                                             "grpc_message",
                                             "response_flags",
                                             "end_time"};

void read_default(Reader& json, Source& source) {
  if (json.null()) return;
  source.has_default = true;
  if (json.peek() == '"') {
    source.default_text = json.kept_text();
    if (source.type != Kind::Text) json.fail("a default of another type");
  } else if (source.type == Kind::Bool) {
    source.default_number = json.boolean();
  } else {
    source.default_number = json.integer();
    if (source.type == Kind::Text) json.fail("a default of another type");
  }
}

// The parts of a path are joined by NUL at the host.
void read_path(Reader& json, Source& source) {
  auto dotted = json.kept_text();
  char* path = json.arena().bytes(dotted.size());
  for (size_t i = 0; i < dotted.size(); ++i) path[i] = dotted[i] == '.' ? '\0' : dotted[i];
  source.name = {path, dotted.size()};
  source.fact = fact_number(source.name);
}

void read_property_part(Reader& json, uint32_t index, Source& source) {
  if (index == 0) {
    read_path(json, source);
  } else if (index == 1) {
    source.type = static_cast<Kind>(json.natural(kKindCount - 1));
    if (source.type == Kind::Double || source.type == Kind::Address || source.type == Kind::Map) {
      json.fail("unknown type of a property");
    }
  } else {
    read_default(json, source);
  }
}

// How many arguments stand behind a source's name; `kAny` is any number.
constexpr uint32_t kAny = UINT32_MAX;

uint32_t argument_count(SourceKind kind) {
  switch (kind) {
    case SourceKind::First:
      return kAny;
    case SourceKind::Constant:
    case SourceKind::Header:
    case SourceKind::Principal:
    case SourceKind::Address:
    case SourceKind::ResponseFlags:
      return 1;
    case SourceKind::FilledHeader:
      return 2;
    case SourceKind::Property:
      return 3;
    default:
      return 0;
  }
}

void read_list(Reader& json, uint32_t before, Source& source);

void read_argument(Reader& json, uint32_t index, Source& source) {
  switch (source.kind) {
    case SourceKind::Constant:
      source.constant = json.natural();
      return;
    case SourceKind::First: {
      Source other{};
      read_list(json, 0, other);
      source.sources.add(json.arena()) = other;
      return;
    }
    case SourceKind::FilledHeader:
      if (index == 1) return read_default(json, source);
      source.name = json.kept_text();
      return;
    case SourceKind::Property:
      return read_property_part(json, index, source);
    case SourceKind::ResponseFlags:
      return list_of<Text, text>(json, &source.codes);
    case SourceKind::Principal:
      source.name = json.kept_text();
      if (source.name != "peer" && source.name != "local") json.fail("unknown side");
      return;
    case SourceKind::Address:
      return read_path(json, source);
    default:
      source.name = json.kept_text();
  }
}

void read_source(Reader& json, uint32_t index, Source& source) {
  if (index == 0) {
    source.kind = static_cast<SourceKind>(json.one_of(kSourceNames));
    return;
  }
  if (index > argument_count(source.kind)) return json.fail("too many arguments of a source");
  read_argument(json, index - 1, source);
}

// A source and its arguments, behind so many other texts.
void read_list(Reader& json, uint32_t before, Source& source) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    size = index + 1;
    if (index < before) {
      json.kept_text();
    } else {
      read_source(json, index - before, source);
    }
  });
  auto wanted = argument_count(source.kind);
  bool is_whole = wanted == kAny ? size > before : size == before + 1 + wanted;
  if (!is_whole) json.fail("too few arguments of a source");
}

}  // namespace

void read_attribute(Reader& json, void* source) {
  read_list(json, 1, *static_cast<Source*>(source));
}

}  // namespace policy
