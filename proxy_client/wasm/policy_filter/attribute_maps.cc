// Attributes that are maps: headers and query parameters.
#include "policy_filter/attributes.h"
#include "base/utf8.h"

namespace policy {

using base::decode_utf8;
using base::hex_digit;
using base::is_utf8;
namespace {

using proxy::HeaderMap;

constexpr std::string_view kPartialBody = "x-envoy-auth-partial-body";
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool is_ascii(std::string_view text) {
  for (char c : text) {
    if (static_cast<uint8_t>(c) >= 0x80) return false;
  }
  return true;
}

Entry* find(Map& map, std::string_view name) { return const_cast<Entry*>(map.find(name)); }

// `+` and %xx as what they mean; gives the size.
size_t unescape(std::string_view text, char* to) {
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                     hex_digit(text[i + 2]) >= 0;
    if (is_escape) {
      to[size++] = static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      to[size++] = text[i] == '+' ? ' ' : text[i];
    }
  }
  return size;
}

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
  auto bytes = proxy::all_headers(which);
  if (bytes.status() == proxy::Status::InvalidMemoryAccess) has_failed_ = true;
  if (!bytes) return headers.lines;
  kept_.push_back(std::move(bytes));
  join(proxy::Pairs(kept_.back().view()), headers.lines);
  return headers.lines;
}

void Attributes::join(proxy::Pairs pairs, Map& lines) {
  auto* to = entries(pairs.size());
  if (to == nullptr) return;
  lines.entries = to;
  for (auto [name, value] : pairs) {
    auto text = wellformed(value);
    if (auto* before = policy::find(lines, name)) {
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

std::string_view Attributes::query() {
  auto all = path();
  auto mark = all.find('?');
  return mark == std::string_view::npos ? std::string_view() : all.substr(mark + 1);
}

bool Attributes::query_params(Value& value) {
  auto rest = query();
  size_t count = 1;
  for (char c : rest) count += c == '&';
  Map params;
  auto* to = entries(count);
  if (to == nullptr) return false;
  params.entries = to;
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : part.size());
    if (part.empty()) continue;
    auto equals = part.find('=');
    auto name = unescaped(part.substr(0, equals));
    if (params.find(name) != nullptr) continue;
    bool has_value = equals != std::string_view::npos;
    to[params.size++] = {name, has_value ? unescaped(part.substr(equals + 1)) : ""};
  }
  return map(params, value);
}

std::string_view Attributes::unescaped(std::string_view text) {
  if (text.find_first_of("%+") == std::string_view::npos) return text;
  char* raw = arena_.bytes(text.size());
  if (raw == nullptr) return {};
  std::string_view bytes(raw, unescape(text, raw));
  if (is_utf8(bytes)) return bytes;
  char* to = arena_.bytes(bytes.size() * kReplacement.size());
  if (to == nullptr) return {};
  size_t size = 0;
  while (!bytes.empty()) {
    auto character = decode_utf8(bytes);
    auto piece = character.is_wellformed ? bytes.substr(0, character.size) : kReplacement;
    size += piece.copy(to + size, piece.size());
    bytes.remove_prefix(character.size);
  }
  return {to, size};
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
