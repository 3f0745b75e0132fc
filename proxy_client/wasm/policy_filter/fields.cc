#include "policy_filter/fields.h"

namespace policy {
namespace {

void* place(void* target, const Member& member) {
  return static_cast<char*>(target) + member.offset;
}

}  // namespace

int32_t Reader::index() {
  auto number = integer();
  if (number < kAlways || number > INT32_MAX) fail("a number out of range");
  return static_cast<int32_t>(number);
}

uint32_t Reader::one_of(std::span<const std::string_view> names) {
  auto name = kept_text();
  for (uint32_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  fail("unknown: ", name);
  return 0;
}

uint32_t read_some(Reader& json, std::span<const Member> members, void* target) {
  uint32_t seen = 0;
  json.object([&](std::string_view key) {
    for (size_t i = 0; i < members.size(); ++i) {
      if (members[i].key != key) continue;
      if ((seen >> i & 1) != 0) json.fail("key twice: ", key);
      seen |= uint32_t{1} << i;
      return members[i].read(json, place(target, members[i]));
    }
    json.fail("unknown key: ", key);
  });
  return seen;
}

void read_all(Reader& json, std::span<const Member> members, void* target) {
  auto seen = read_some(json, members, target);
  for (size_t i = 0; i < members.size(); ++i) {
    if ((seen >> i & 1) == 0) json.fail("missing key: ", members[i].key);
  }
}

void read_tuple(Reader& json, std::span<const Member> members, void* target) {
  uint32_t size = 0;
  json.list([&](uint32_t place_in_list) {
    size = place_in_list + 1;
    if (size > members.size()) return json.fail("a list of another length");
    members[place_in_list].read(json, place(target, members[place_in_list]));
  });
  if (size != members.size()) json.fail("a list of another length");
}

void read_items(Reader& json, RawItems& items, size_t size, void (*read)(Reader&, void*)) {
  json.list([&](uint32_t) { read(json, items.add(json.arena(), size)); });
}

void text(Reader& json, void* member) { *static_cast<Text*>(member) = json.kept_text(); }
void boolean(Reader& json, void* member) { *static_cast<bool*>(member) = json.boolean(); }
void integer(Reader& json, void* member) { *static_cast<int64_t*>(member) = json.integer(); }
void index(Reader& json, void* member) { *static_cast<int32_t*>(member) = json.index(); }

}  // namespace policy
