// Reads JSON by tables: of the keys of an object, or of the places in a list.
//
// All that depends on a type is an offset and a small function; the loops are there once. As
// templates they made up a third of the filter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/json.h"
#include "policy_filter/program.h"

namespace policy {

/// A JSON reader that knows where what it reads is kept.
class Reader : public base::JsonReader {
 public:
  Reader(std::string_view text, base::Arena& arena) : JsonReader(text), arena_(arena) {}

  base::Arena& arena() { return arena_; }
  /// A text that lives as long as the arena.
  Text kept_text() { return JsonReader::text(arena_); }
  /// An index, or -1.
  int32_t index();
  /// The place of a name among names; fails when it is not one of them.
  uint32_t one_of(std::span<const std::string_view> names);

 private:
  base::Arena& arena_;
};

/// One member of a struct, and what reads it.
struct Member {
  std::string_view key;
  void (*read)(Reader&, void* member);
  size_t offset;
};

/// Reads an object whose keys must be among `members`, each at most once. Gives which were there,
/// as bits in the order of `members`.
uint32_t read_some(Reader& json, std::span<const Member> members, void* target);
/// Like that, and all of them must be there.
void read_all(Reader& json, std::span<const Member> members, void* target);
/// Reads a list with the value of each member, in order.
void read_tuple(Reader& json, std::span<const Member> members, void* target);
/// Reads a list of items, each of so many bytes, by `read`.
void read_items(Reader& json, RawItems& items, size_t size, void (*read)(Reader&, void*));

// What reads members.
void text(Reader& json, void* member);
void boolean(Reader& json, void* member);
void integer(Reader& json, void* member);
void index(Reader& json, void* member);

/// A number from 0 to `kMost`.
template <uint32_t kMost = INT32_MAX>
void natural(Reader& json, void* member) {
  *static_cast<uint32_t*>(member) = json.natural(kMost);
}

/// A name, for an enum with as many values.
template <const auto& kNames>
void name(Reader& json, void* member) {
  *static_cast<uint32_t*>(member) = json.one_of(kNames);
}

template <class Target, void (*kRead)(Reader&, Target&)>
void with(Reader& json, void* member) {
  kRead(json, *static_cast<Target*>(member));
}

/// A list of what `kRead` reads.
template <class Item, void (*kRead)(Reader&, void*)>
void list_of(Reader& json, void* member) {
  read_items(json, *static_cast<Items<Item>*>(member), sizeof(Item), kRead);
}

template <const auto& kMembers>
void object(Reader& json, void* member) {
  read_all(json, kMembers, member);
}

template <const auto& kMembers>
void tuple(Reader& json, void* member) {
  read_tuple(json, kMembers, member);
}

}  // namespace policy
