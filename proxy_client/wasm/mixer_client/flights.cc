#include "mixer_client/flights.h"

#include <bit>
#include <string_view>
#include <utility>

namespace mixer_client {
namespace {

constexpr std::string_view kNeverDecide[] = {
    "context.time", "context.timestamp", "request.id", "request.time", "source.port",
};
constexpr std::string_view kHeaders = "request.headers";
constexpr std::string_view kHeadersNeverDecide[] = {
    "traceparent", "tracestate",   "x-b3-parentspanid", "x-b3-sampled",
    "x-b3-spanid", "x-b3-traceid", "x-request-id",
};

template <size_t Count>
bool is_among(std::string_view text, const std::string_view (&texts)[Count]) {
  for (auto other : texts) {
    if (text == other) return true;
  }
  return false;
}

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

// FNV-1a. A client that makes its requests collide keeps them from waiting for each other.
uint64_t hash_of(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char c : text) hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

bool decides(const base::Entry& entry, bool are_headers) {
  return !are_headers || !is_among(entry.name, kHeadersNeverDecide);
}

// The order of the entries makes no difference.
uint64_t hash_of(const base::Map& map, bool are_headers) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i != map.size; ++i) {
    auto& entry = map.entries[i];
    if (decides(entry, are_headers)) sum += mixed(hash_of(entry.name), hash_of(entry.value));
  }
  return sum;
}

uint64_t hash_of(const Value& value, bool are_headers) {
  switch (value.type) {
    case Type::String:
    case Type::Bytes:
      return hash_of(value.text);
    case Type::Double:
      return std::bit_cast<uint64_t>(value.real);
    case Type::Bool:
      return value.flag;
    case Type::StringMap:
      return hash_of(value.map, are_headers);
    default:
      return static_cast<uint64_t>(value.number);
  }
}

uint32_t deciding_count(const base::Map& map, bool are_headers) {
  uint32_t count = 0;
  for (uint32_t i = 0; i != map.size; ++i) count += decides(map.entries[i], are_headers);
  return count;
}

bool is_same(const base::Map& one, const base::Map& other, bool are_headers) {
  if (deciding_count(one, are_headers) != deciding_count(other, are_headers)) return false;
  for (uint32_t i = 0; i != one.size; ++i) {
    auto& entry = one.entries[i];
    if (!decides(entry, are_headers)) continue;
    // They mostly stand in the same place.
    auto* found = i < other.size ? &other.entries[i] : nullptr;
    if (found == nullptr || found->name != entry.name) found = other.find(entry.name);
    if (found == nullptr || found->value != entry.value) return false;
  }
  return true;
}

}  // namespace

// There can be more of them than there were.
void Flights::learn_names() {
  while (parts_.size() != names_.size()) {
    auto text = names_.text(static_cast<Name>(parts_.size()));
    auto is_ignored = is_among(text, kNeverDecide);
    parts_.push_back(is_ignored ? Part::Ignored : text == kHeaders ? Part::Headers : Part::Whole);
  }
}

uint64_t Flights::kind(Bag& bag) {
  learn_names();
  uint64_t hash = 0;
  for (Name name = 0; name != parts_.size(); ++name) {
    if (parts_[name] == Part::Ignored) continue;
    auto* value = bag.find(name);
    if (value == nullptr) continue;
    hash = mixed(hash, name);
    hash = mixed(hash, hash_of(*value, parts_[name] == Part::Headers));
  }
  return hash;
}

Seat Flights::board(uint64_t kind, Bag& bag, uint64_t number) {
  auto found = flights_.find(kind);
  if (found != flights_.end()) {
    if (!is_same_kind(*found->second.bag, bag)) return Seat::Alone;
    found->second.waiting.insert(number);
    return Seat::Follows;
  }
  if (flights_.size() == kMaxCount) return Seat::Alone;
  flights_[kind] = {&bag, {}};
  return Seat::Leads;
}

void Flights::leave(uint64_t kind, uint64_t number) {
  auto found = flights_.find(kind);
  if (found != flights_.end()) found->second.waiting.erase(number);
}

std::set<uint64_t> Flights::land(uint64_t kind) {
  auto found = flights_.find(kind);
  if (found == flights_.end()) return {};
  auto waiting = std::move(found->second.waiting);
  flights_.erase(found);
  return waiting;
}

bool Flights::is_same_kind(Bag& one, Bag& other) const {
  for (Name name = 0; name != parts_.size(); ++name) {
    if (parts_[name] == Part::Ignored) continue;
    auto *value = one.find(name), *others = other.find(name);
    if ((value == nullptr) != (others == nullptr)) return false;
    if (value == nullptr) continue;
    if (value->type != others->type) return false;
    auto is_map = value->type == Type::StringMap;
    auto is_equal = is_map ? is_same(value->map, others->map, parts_[name] == Part::Headers)
                           : mixer_client::is_same(*value, *others);
    if (!is_equal) return false;
  }
  return true;
}

}  // namespace mixer_client
