#include "mixer_client/compressed.h"

#include <bit>

namespace mixer_client {
namespace {

using namespace compressed_fields;

constexpr uint32_t kEntries = 1;  // of a StringMap
constexpr uint32_t kSeconds = 1;  // of a Timestamp, a Duration
constexpr uint32_t kNanos = 2;
constexpr int64_t kNsPerS = 1'000'000'000;

// What is 0 is left out, as protobuf has it.
void write_time(int64_t seconds, int64_t nanos, proto::Writer& to) {
  size_t start = to.open(proto::kValue);
  if (seconds != 0) to.varint(kSeconds, static_cast<uint64_t>(seconds));
  if (nanos != 0) to.varint(kNanos, static_cast<uint64_t>(nanos));
  to.close(start);
}

void write_timestamp(int64_t ns, proto::Writer& to) {
  int64_t seconds = ns / kNsPerS;
  int64_t nanos = ns % kNsPerS;
  if (nanos < 0) {
    --seconds;
    nanos += kNsPerS;
  }
  write_time(seconds, nanos, to);
}

// Unlike a Timestamp's, a Duration's nanos carry the sign of the whole.
void write_duration(int64_t ns, proto::Writer& to) { write_time(ns / kNsPerS, ns % kNsPerS, to); }

void write_map(const base::Map& map, Dictionary& words, proto::Writer& to) {
  size_t start = to.open(proto::kValue);
  for (auto* entry = map.entries; entry != map.entries + map.size; ++entry) {
    int32_t value = words.index(entry->value);
    to.entry(kEntries, words.index(entry->name), proto::to_zigzag(value));
  }
  to.close(start);
}

template <class Write>
void write_entry(uint32_t field, int32_t name, proto::Writer& to, Write write) {
  size_t start = to.open(field);
  to.varint(proto::kKey, proto::to_zigzag(name));
  write();
  to.close(start);
}

void write_other(int32_t name, const Value& value, Dictionary& words, proto::Writer& to) {
  switch (value.type) {
    case Type::String:
      break;
    case Type::Int64:
      to.entry(kInt64s, name, static_cast<uint64_t>(value.number));
      break;
    case Type::Bool:
      to.entry(kBools, name, value.flag ? 1 : 0);
      break;
    case Type::Double:
      write_entry(kDoubles, name, to,
                  [&] { to.fixed64(proto::kValue, std::bit_cast<uint64_t>(value.real)); });
      break;
    case Type::Bytes:
      write_entry(kBytes, name, to, [&] { to.bytes(proto::kValue, value.text); });
      break;
    case Type::Timestamp:
      write_entry(kTimestamps, name, to, [&] { write_timestamp(value.number, to); });
      break;
    case Type::Duration:
      write_entry(kDurations, name, to, [&] { write_duration(value.number, to); });
      break;
    case Type::StringMap:
      write_entry(kStringMaps, name, to, [&] { write_map(value.map, words, to); });
      break;
  }
}

}  // namespace

void write_attributes(Bag& bag, Dictionary& words, proto::Writer& to) {
  auto& names = bag.names();
  for (Name name = 0; name < names.size(); ++name) {
    const Value* value = bag.find(name);
    if (value == nullptr) continue;
    if (value->type == Type::String) {
      // Words get their numbers in the order in which the Python library gives them.
      int32_t text = words.index(value->text);
      to.entry(kStrings, words.index(names, name), proto::to_zigzag(text));
    } else {
      write_other(words.index(names, name), *value, words, to);
    }
  }
}

}  // namespace mixer_client
