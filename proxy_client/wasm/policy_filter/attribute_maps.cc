// Attributes that are maps: headers and query parameters.
#include "base/utf8.h"
#include "policy_filter/attributes.h"

namespace policy {

using base::decode_utf8;
using base::is_ascii;
using base::is_utf8;
namespace {

using proxy::HeaderMap;

constexpr std::string_view kPartialBody = "x-envoy-auth-partial-body";

Entry* find(Map& map, std::string_view name) { return const_cast<Entry*>(map.find(name)); }

// Tells names that have not come yet from those that may have, without looking at all of them.
class Seen {
 public:
  /// Whether a name may have been added before.
  bool add(std::string_view name) {
    if (name.empty()) return true;
    auto hash = static_cast<uint8_t>(name.size() * 37 + static_cast<uint8_t>(name.front()) * 11 +
                                     static_cast<uint8_t>(name.back()));
    auto& word = bits_[hash / 64];
    auto bit = uint64_t{1} << hash % 64;
    bool may_be = (word & bit) != 0;
    word |= bit;
    return may_be;
  }

 private:
  uint64_t bits_[4] = {};
};

}  // namespace

Entry* Attributes::entries(size_t count) {
  return static_cast<Entry*>(arena_.allocate(count * sizeof(Entry)));
}

bool Attributes::map(const Map& found, Value& value) {
  auto* kept = static_cast<Map*>(arena_.allocate(sizeof(Map)));
  if (kept == nullptr) return false;
  *kept = found;
  value = Value::of_map(kept);
  return found.size != 0;
}

const Map& Attributes::headers(HeaderMap which) {
  auto& headers = headers_[static_cast<uint32_t>(which)];
  if (headers.is_read) return headers.lines;
  headers.is_read = true;
  join(proxy::Pairs(keep({}, proxy::all_headers(which))), headers.lines);
  return headers.lines;
}

void Attributes::join(proxy::Pairs pairs, Map& lines) {
  auto* to = entries(pairs.size());
  if (to == nullptr) return;
  lines.entries = to;
  Seen seen;
  for (auto [name, value] : pairs) {
    auto text = wellformed(value);
    if (auto* before = seen.add(name) ? policy::find(lines, name) : nullptr) {
      before->value = arena_.join(before->value, ",", text);
    } else {
      to[lines.size++] = {name, text};
    }
  }
}

bool Attributes::without_partial_body(Value& value) {
  auto& all = headers(HeaderMap::Request);
  if (all.find(kPartialBody) == nullptr) return map(all, value);
  auto* to = entries(all.size);
  if (to == nullptr) return false;
  uint32_t size = 0;
  for (uint32_t i = 0; i < all.size; ++i) {
    if (all.entries[i].name != kPartialBody) to[size++] = all.entries[i];
  }
  return map({to, size}, value);
}

bool Attributes::response_headers(Value& value) {
  auto& first = headers(HeaderMap::Response);
  auto& trailers = headers(HeaderMap::ResponseTrailers);
  auto* to = entries(first.size + trailers.size);
  if (to == nullptr) return false;
  uint32_t size = 0;
  for (uint32_t i = 0; i < trailers.size; ++i) to[size++] = trailers.entries[i];
  for (uint32_t i = 0; i < first.size; ++i) {
    if (trailers.find(first.entries[i].name) == nullptr) to[size++] = first.entries[i];
  }
  return map({to, size}, value);
}

std::string_view Attributes::wellformed(std::string_view bytes) {
  if (is_ascii(bytes) || is_utf8(bytes)) return bytes;
  char* to = arena_.bytes(bytes.size());
  if (to == nullptr) return {};
  for (size_t i = 0; i < bytes.size();) {
    auto character = decode_utf8(bytes.substr(i));
    for (uint32_t k = 0; k < character.size; ++k, ++i) {
      to[i] = character.is_wellformed ? bytes[i] : '!';
    }
  }
  return {to, bytes.size()};
}

}  // namespace policy
