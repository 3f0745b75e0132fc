// Attributes that Envoy has as properties.
#include <cstring>

#include "policy_filter/address.h"
#include "policy_filter/attributes.h"

namespace policy {
namespace {

using proxy::operator""_path;

constexpr std::string_view kSpiffe = "spiffe://";

int64_t number_of(std::string_view bytes) {
  int64_t number = 0;
  if (bytes.size() == sizeof(number)) std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

}  // namespace

bool Attributes::property(const Source& source, Value& value) {
  auto bytes = property_bytes(source);
  if (source.type == Kind::Text) return filled(wellformed(bytes), source, value);
  if (source.type == Kind::Bool) {
    value = Value::of_flag(!bytes.empty() && bytes[0] != 0);
    return true;
  }
  value = Value::of_number(number_of(bytes));
  if (value.number != 0) return true;
  value.number = source.default_number;
  return source.has_default;
}

bool Attributes::principal(std::string_view side, Value& value) {
  auto found = identity(side);
  if (found.starts_with(kSpiffe)) found.remove_prefix(kSpiffe.size());
  return text(found, value) && !found.empty();
}

// spiffe://ANY/ns/HERE/
bool Attributes::space(Value& value) {
  constexpr std::string_view kMark = "/ns/";
  auto rest = identity("peer");
  if (!rest.starts_with(kSpiffe)) return false;
  rest.remove_prefix(kSpiffe.size());
  auto slash = rest.find('/');
  if (slash == std::string_view::npos || !rest.substr(slash).starts_with(kMark)) return false;
  rest.remove_prefix(slash + kMark.size());
  auto end = rest.find('/');
  return end != std::string_view::npos && end != 0 && text(rest.substr(0, end), value);
}

bool Attributes::address(const Source& source, Value& value) {
  constexpr size_t kSize = 16;
  auto found = property_bytes(source);
  auto colon = found.rfind(':');
  if (colon == std::string_view::npos) return false;
  found = found.substr(0, colon);
  if (found.starts_with('[')) found.remove_prefix(1);
  if (found.ends_with(']')) found.remove_suffix(1);
  char* to = arena_.bytes(kSize);
  if (to == nullptr || !parse_address(found, to)) return false;
  return text(shortest_address({to, kSize}), value);
}

bool Attributes::flags(const Source& source, Value& value) {
  auto flags = static_cast<uint64_t>(number_of(property_bytes("response.flags"_path)));
  std::string_view joined;
  for (size_t bit = 0; bit < source.codes.size() && bit < 64; ++bit) {
    std::string_view code = source.codes[bit];
    if ((flags >> bit & 1) == 0 || code.empty()) continue;
    joined = joined.empty() ? code : arena_.join(joined, ",", code);
  }
  return text(joined.empty() ? "-" : joined, value);
}

bool Attributes::end_time(Value& value) {
  auto start = property_bytes("request.time"_path), taken = property_bytes("request.duration"_path);
  if (start.empty() || taken.empty()) return false;
  value = Value::of_number(number_of(start) + number_of(taken));
  return true;
}

std::string_view Attributes::identity(std::string_view side) {
  static constexpr FactNumber kPeer[] = {FactNumber::PeerUri, FactNumber::PeerDns,
                                         FactNumber::PeerSubject};
  static constexpr FactNumber kLocal[] = {FactNumber::LocalUri, FactNumber::LocalDns,
                                          FactNumber::LocalSubject};
  for (auto number : side == "peer" ? kPeer : kLocal) {
    auto found = fact_bytes(number);
    if (!found.empty()) return wellformed(found);
  }
  return {};
}

std::string_view Attributes::property_bytes(const Source& source) {
  return source.fact == FactNumber::None ? property_bytes(source.name) : fact_bytes(source.fact);
}

std::string_view Attributes::fact_bytes(FactNumber number) {
  auto* known = known_fact(number);
  if (known == nullptr) return property_bytes(path_of(number));
  if (known->is_known()) return known->view();
  auto bytes = property_bytes(path_of(number));
  if (!has_failed_) known->keep(bytes);
  return bytes;
}

Fact* Attributes::known_fact(FactNumber number) {
  if (!has_facts_) return nullptr;
  if (!connection_) connection_ = Connection::current();
  return *connection_ == nullptr ? nullptr : &(*connection_)->fact(number);
}

std::string_view Attributes::property_bytes(std::string_view path) {
  for (auto& known : kept_) {
    if (known.path == path) return known.bytes.view();
  }
  return keep(path, proxy::property(path));
}

std::string_view Attributes::keep(Text path, proxy::HostBytes bytes) {
  if (bytes.status() == proxy::Status::InvalidMemoryAccess) has_failed_ = true;
  return kept_.emplace_back(path, std::move(bytes)).bytes.view();
}

}  // namespace policy
