// Constants, attributes and automata.
#include <algorithm>
#include <cstring>

#include "policy_filter/fields.h"
#include "policy_filter/load.h"
#include "base/utf8.h"

namespace policy {

using base::hex_digit;
namespace {

constexpr std::string_view kSourceNames[] = {
    "constant", "absent", "first", "header", "filled_header", "path", "url_path", "query_params",
    "headers", "content_length", "protocol", "api_protocol", "principal", "principal_namespace",
    "property", "address", "response_headers", "grpc_status", "grpc_message", "response_flags",
    "end_time"};

int64_t number_of(JsonReader& json, std::string_view digits) {
  bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 19) json.fail("not a number");
  uint64_t number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') json.fail("not a number");
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  if (number > uint64_t{INT64_MAX} + is_negative) json.fail("a number out of range");
  return static_cast<int64_t>(is_negative ? 0 - number : number);
}

struct Constant {
  Program& program;
  Kind kind;
  Value value;

  std::string_view keep(std::string text) {
    return program.texts.emplace_back(std::move(text));
  }
};

void read_double(JsonReader& json, Constant& it) {
  uint64_t bits = 0;
  auto digits = json.text();
  if (digits.size() != 16) json.fail("not a double");
  for (char c : digits) bits = bits << 4 | static_cast<uint64_t>(std::max(hex_digit(c), 0));
  it.kind = Kind::Double;
  std::memcpy(&it.value.real, &bits, sizeof(bits));
}

void read_map(JsonReader& json, Constant& it) {
  auto& entries = it.program.entries.emplace_back();
  json.object([&](std::string_view key) {
    auto name = it.keep(std::string(key));
    entries.push_back({name, it.keep(json.text())});
  });
  it.kind = Kind::Map;
  it.value = Value::of_map(&it.program.maps.emplace_back(
      Map{entries.data(), static_cast<uint32_t>(entries.size())}));
}

constexpr FieldOf<Constant> kConstant[] = {
    {"int",
     [](JsonReader& json, Constant& it) {
       it.kind = Kind::Int;
       it.value = Value::of_number(number_of(json, json.text()));
     }},
    {"double", read_double},
    {"address",
     [](JsonReader& json, Constant& it) {
       it.kind = Kind::Address;
       it.value = Value::of(it.keep(read_address(json)));
     }},
    {"map", read_map},
};

void read_default(JsonReader& json, Source& source) {
  if (json.null()) return;
  source.has_default = true;
  if (json.peek() == '"') {
    source.default_text = json.text();
    if (source.type != Kind::Text) json.fail("a default of another type");
  } else if (source.type == Kind::Bool) {
    source.default_number = json.boolean();
  } else {
    source.default_number = json.integer();
    if (source.type == Kind::Text) json.fail("a default of another type");
  }
}

void read_property_part(JsonReader& json, uint32_t index, Source& source) {
  if (index == 0) {
    source.name = json.text();
    std::replace(source.name.begin(), source.name.end(), '.', '\0');
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

void read_source(JsonReader& json, uint32_t index, Source& source);

void read_argument(JsonReader& json, uint32_t index, Source& source) {
  switch (source.kind) {
    case SourceKind::Constant:
      source.constant = json.natural();
      return;
    case SourceKind::First: {
      auto& other = source.sources.emplace_back();
      return json.list([&](uint32_t place) { read_source(json, place, other); });
    }
    case SourceKind::FilledHeader:
      if (index == 1) return read_default(json, source);
      source.name = json.text();
      return;
    case SourceKind::Property:
      return read_property_part(json, index, source);
    case SourceKind::ResponseFlags:
      return read_list(json, source.codes, read_text);
    case SourceKind::Principal:
      source.name = json.text();
      if (source.name != "peer" && source.name != "local") json.fail("unknown side");
      return;
    case SourceKind::Address:
      return read_property_part(json, 0, source);
    default:
      source.name = json.text();
  }
}

void read_source(JsonReader& json, uint32_t index, Source& source) {
  if (index == 0) {
    source.kind = static_cast<SourceKind>(read_name(json, kSourceNames));
    return;
  }
  if (index > argument_count(source.kind)) return json.fail("too many arguments of a source");
  read_argument(json, index - 1, source);
}

}  // namespace

std::string read_address(JsonReader& json) {
  std::string bytes;
  auto digits = json.text();
  if (digits.size() != 8 && digits.size() != 32) json.fail("not an address");
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) json.fail("not an address");
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

void read_constant(JsonReader& json, Program& program) {
  Constant constant{program, Kind::Text, {}};
  char next = json.peek();
  if (next == '"') {
    constant.value = Value::of(constant.keep(json.text()));
  } else if (next == '{') {
    auto seen = read_some(json, kConstant, constant);
    if (seen == 0 || (seen & (seen - 1)) != 0) json.fail("not a constant");
  } else {
    constant.kind = Kind::Bool;
    constant.value = Value::of_flag(json.boolean());
  }
  program.constants.push_back(constant.value);
  program.constant_kinds.push_back(constant.kind);
}

void read_attribute(JsonReader& json, Source& source) {
  uint32_t size = 0;
  json.list([&](uint32_t index) {
    size = index + 1;
    if (index == 0) {
      json.text();
    } else {
      read_source(json, index - 1, source);
    }
  });
  auto wanted = argument_count(source.kind);
  if (size < 2 || (wanted != kAny && size != wanted + 2)) json.fail("too few arguments of a source");
}

constexpr FieldOf<Automaton> kAutomaton[] = {
    {"classes",
     [](JsonReader& json, Automaton& it) {
       uint32_t size = 0;
       json.list([&](uint32_t index) {
         auto number = json.natural(255);
         if (index < it.classes.size()) it.classes[index] = static_cast<uint16_t>(number);
         it.class_count = std::max(it.class_count, number + 1);
         size = index + 1;
       });
       expect_size(json, size, 256);
     }},
    {"next",
     [](JsonReader& json, Automaton& it) {
       json.list([&](uint32_t) { it.next.push_back(static_cast<uint16_t>(json.natural(65535))); });
     }},
    {"start", [](JsonReader& json, Automaton& it) { it.start = json.natural(65535); }},
    {"final",
     [](JsonReader& json, Automaton& it) {
       json.list([&](uint32_t) {
         auto state = json.natural(65535);
         if (state >= it.final.size()) it.final.resize(state + 1);
         it.final[state] = true;
       });
     }},
};

void read_automaton(JsonReader& json, Automaton& automaton) {
  read_all(json, kAutomaton, automaton);
  auto states = automaton.next.size() / automaton.class_count;
  if (automaton.final.size() > states) json.fail("a state that does not exist");
  automaton.final.resize(states);
  bool is_whole = states >= 2 && automaton.next.size() == states * automaton.class_count;
  for (auto state : automaton.next) is_whole = is_whole && state < states;
  if (!is_whole || automaton.start >= states) json.fail("an automaton with wrong states");
}

}  // namespace policy
