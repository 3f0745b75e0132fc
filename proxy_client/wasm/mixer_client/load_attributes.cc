// Attributes that are configured.
#include "base/base64.h"
#include "base/distinct.h"
#include "mixer_client/load.h"

namespace mixer_client {
namespace {

struct Draft {
  Settings& settings;
  Value value;
};

std::string_view keep(Settings& settings, std::string_view text) {
  return settings.texts.join(text, "");
}

void load_bytes(Loader& loader, Draft& draft) {
  auto bytes = base::decode_base64(loader.text());
  if (!bytes) return loader.fail("not base64");
  draft.value = Value::of(Type::Bytes, keep(draft.settings, *bytes));
}

struct Entries {
  Settings& settings;
  std::vector<base::Entry> found;
};

constexpr FieldOf<Entries> kStringMap[] = {
    {"entries",
     [](Loader& loader, Entries& it) {
       loader.map(kMaxInMap, [&](std::string_view key) {
         auto name = keep(it.settings, key);
         it.found.push_back({name, keep(it.settings, loader.text())});
       });
     }},
};

void load_string_map(Loader& loader, Draft& draft) {
  Entries entries{draft.settings, {}};
  loader.message(kStringMap, entries);
  if (entries.found.empty()) return loader.fail("must not be empty");
  draft.value = Value::of(base::distinct(entries.found, base::Keep::Last, draft.settings.texts));
}

void refuse(Loader& loader, Draft&) { loader.fail("values of this type can't be configured"); }

constexpr FieldOf<Draft> kAttributeValue[] = {
    {"string_value",
     [](Loader& loader, Draft& it) {
       it.value = Value::of(Type::String, keep(it.settings, loader.text()));
     }},
    {"int64_value",
     [](Loader& loader, Draft& it) { it.value = Value::of(Type::Int64, loader.int64()); }},
    {"double_value", refuse},
    {"bytes_value", load_bytes},
    {"bool_value", [](Loader& loader, Draft& it) { it.value = Value::of(loader.boolean()); }},
    {"timestamp_value", refuse},
    {"duration_value",
     [](Loader& loader, Draft& it) { it.value = Value::of(Type::Duration, loader.duration()); }},
    {"string_map_value", load_string_map},
};

void expect_one(Loader& loader, uint32_t count) {
  if (count != 1) loader.fail("must have one value");
}

void add(Settings& settings, std::string_view name, const Value& value, ConfiguredAttributes& to) {
  to.emplace_back(settings.names.add(name), &settings.values.emplace_back(value));
}

struct Attributes {
  Settings& settings;
  ConfiguredAttributes& found;
};

constexpr FieldOf<Attributes> kAttributes[] = {
    {"attributes",
     [](Loader& loader, Attributes& it) {
       loader.map(Names::kMaxCount, [&](std::string_view name) {
         Draft draft{it.settings, {}};
         expect_one(loader, loader.message(kAttributeValue, draft));
         add(it.settings, name, draft.value, it.found);
         if (it.found.back().first == Names::kNone) loader.fail("too many names of attributes");
       });
     }},
};

constexpr FieldOf<std::string> kForwardValue[] = {
    {"string_value", [](Loader& loader, std::string& it) { it = loader.text(); }},
};

constexpr FieldOf<ForwardAttributes> kForwardAttributes[] = {
    {"attributes",
     [](Loader& loader, ForwardAttributes& it) {
       loader.map(Names::kMaxCount, [&](std::string_view name) {
         expect_one(loader, loader.message(kForwardValue, it[std::string(name)]));
       });
     }},
};

}  // namespace

void load_attributes(Loader& loader, Settings& settings, ConfiguredAttributes& attributes) {
  Attributes target{settings, attributes};
  loader.message(kAttributes, target);
}

void load_forward_attributes(Loader& loader, ForwardAttributes& attributes) {
  loader.message(kForwardAttributes, attributes);
}

void add_text(Settings& settings, std::string_view name, std::string_view text,
              ConfiguredAttributes& to) {
  add(settings, name, Value::of(Type::String, keep(settings, text)), to);
}

}  // namespace mixer_client
