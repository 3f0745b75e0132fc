#include "mixer_client/dynamic_metadata.h"

#include "base/distinct.h"
#include "base/text.h"

namespace mixer_client {
namespace {

using proto::Wire;

// Of google.protobuf.Value.
constexpr auto kText = proto::tag(3, Wire::Bytes);
constexpr auto kStruct = proto::tag(5, Wire::Bytes);
constexpr auto kList = proto::tag(6, Wire::Bytes);
// Of google.protobuf.ListValue.
constexpr auto kItem = proto::tag(1, Wire::Bytes);

// The bytes of what a Value is, if it is that.
std::optional<std::string_view> is(uint32_t kind, std::string_view value) {
  proto::Reader field(value);
  if (!field.next() || field.tag() != kind) return std::nullopt;
  return field.bytes();
}

std::string_view joined(std::string_view list, base::Arena& arena) {
  char* to = arena.bytes(list.size());  // each item takes more there than here
  if (to == nullptr) return {};
  size_t size = 0;
  bool is_first = true;
  for (proto::Reader items(list); items.next();) {
    if (items.tag() != kItem) continue;
    if (!is_first) to[size++] = ',';
    is_first = false;
    auto text = is(kText, items.bytes()).value_or("");
    size += text.copy(to + size, text.size());
  }
  return base::replace_illformed({to, size}, arena);
}

}  // namespace

std::optional<std::string_view> find_entry(std::string_view message, std::string_view key) {
  std::optional<std::string_view> found;
  for_each_entry(message, [&](std::string_view name, std::string_view value) {
    if (name == key) found = value;
  });
  return found;
}

std::string_view value_text(std::string_view value, base::Arena& arena) {
  return base::replace_illformed(is(kText, value).value_or(""), arena);
}

std::string_view first_text(std::string_view value, base::Arena& arena) {
  auto list = is(kList, value);
  if (!list) return value_text(value, arena);
  return value_text(is(kItem, *list).value_or(""), arena);
}

std::string_view value_struct(std::string_view value) { return is(kStruct, value).value_or(""); }

base::Map string_entries(std::string_view fields, base::Arena& arena) {
  size_t most = 0;
  for_each_entry(fields, [&](std::string_view, std::string_view) { ++most; });
  auto* entries = static_cast<base::Entry*>(arena.allocate(most * sizeof(base::Entry)));
  if (entries == nullptr) return {};
  size_t count = 0;
  for_each_entry(fields, [&](std::string_view key, std::string_view value) {
    auto name = base::replace_illformed(key, arena);
    if (auto list = is(kList, value)) {
      entries[count++] = {name, joined(*list, arena)};
    } else if (is(kText, value)) {
      entries[count++] = {name, value_text(value, arena)};
    }
  });
  return base::distinct({entries, count}, base::Keep::Last, arena);
}

}  // namespace mixer_client
