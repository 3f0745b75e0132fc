// Reads JSON objects by tables of their keys.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace policy {

using base::JsonReader;

/// One key of an object, and what takes its value.
template <class Target>
struct FieldOf {
  std::string_view key;
  void (*read)(JsonReader&, Target&);
};

/// Reads an object whose keys must be among `fields`, each at most once. Gives which were there, as
/// bits in the order of `fields`.
template <class Target, size_t Count>
uint32_t read_some(JsonReader& json, const FieldOf<Target> (&fields)[Count], Target& target) {
  uint32_t seen = 0;
  json.object([&](std::string_view key) {
    for (size_t i = 0; i < Count; ++i) {
      if (fields[i].key != key) continue;
      if ((seen >> i & 1) != 0) json.fail("key twice: " + std::string(key));
      seen |= uint32_t{1} << i;
      return fields[i].read(json, target);
    }
    json.fail("unknown key: " + std::string(key));
  });
  return seen;
}

/// Like that, and all of them must be there.
template <class Target, size_t Count>
void read_all(JsonReader& json, const FieldOf<Target> (&fields)[Count], Target& target) {
  auto seen = read_some(json, fields, target);
  for (size_t i = 0; i < Count; ++i) {
    if ((seen >> i & 1) == 0) json.fail("missing key: " + std::string(fields[i].key));
  }
}

/// Reads a list of what `read(json, item)` reads.
template <class Item>
void read_list(JsonReader& json, std::vector<Item>& items, void (*read)(JsonReader&, Item&)) {
  json.list([&](uint32_t) { read(json, items.emplace_back()); });
}

inline void read_number(JsonReader& json, uint32_t& number) { number = json.natural(); }
inline void read_text(JsonReader& json, std::string& text) { text = json.text(); }
/// An index, or -1.
inline int32_t read_index(JsonReader& json) {
  auto number = json.integer();
  if (number < -1 || number > INT32_MAX) json.fail("a number out of range");
  return static_cast<int32_t>(number);
}

/// The place of a name among names; fails when it is not one of them.
template <size_t Count>
uint32_t read_name(JsonReader& json, const std::string_view (&names)[Count]) {
  auto name = json.text();
  for (uint32_t i = 0; i < Count; ++i) {
    if (names[i] == name) return i;
  }
  json.fail("unknown: " + name);
  return 0;
}

/// Fails unless a list had so many items.
inline void expect_size(JsonReader& json, uint32_t size, uint32_t wanted) {
  if (size != wanted) json.fail("a list of another length");
}

}  // namespace policy
