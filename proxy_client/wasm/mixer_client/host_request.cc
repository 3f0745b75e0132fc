#include "mixer_client/host_request.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "base/utf8.h"

namespace mixer_client {

using base::Entry;
using proxy::HeaderMap;
using proxy::operator""_path;

namespace {

// Serialised pairs begin with the sizes of all texts; the texts come behind them.
std::string_view texts_of(std::string_view pairs, size_t count) {
  return pairs.substr(std::min(pairs.size(), sizeof(uint32_t) * (1 + 2 * count)));
}

}  // namespace

void HostRequest::begin(bool is_over) {
  arena_.reset();
  properties_.clear();
  header_bytes_.clear();
  for (auto& map : maps_) map.reset();
  is_over_ = is_over;
  has_failed_ = false;
}

std::string_view HostRequest::view(const proxy::HostBytes& bytes) {
  if (bytes.status() == proxy::Status::InvalidMemoryAccess) has_failed_ = true;
  return bytes.view();
}

const HostRequest::Lines& HostRequest::map(HeaderMap which) {
  auto& map = maps_[static_cast<size_t>(which)];
  if (!map) map = read(which);
  return *map;
}

HostRequest::Lines HostRequest::read(HeaderMap which) {
  header_bytes_.push_back(proxy::all_headers(which));
  proxy::Pairs pairs(view(header_bytes_.back()));
  auto* entries = static_cast<Entry*>(arena_.allocate(pairs.size() * sizeof(Entry)));
  if (entries == nullptr) return {};
  bool is_ascii = base::is_ascii(texts_of(view(header_bytes_.back()), pairs.size()));
  auto text = [&](std::string_view bytes) {
    return is_ascii ? bytes : base::replace_illformed(bytes, arena_);
  };
  size_t count = 0, size = 0;
  for (auto [name, value] : pairs) {
    size += name.size() + value.size();
    if (name != kForwardHeader) entries[count++] = {text(name), text(value)};
  }
  if (is_over_ && which == HeaderMap::Request) restore_path({entries, count});
  return {{entries, count}, size};
}

// When a route has changed the path on its way, Envoy says in a header what it was.
void HostRequest::restore_path(std::span<Entry> lines) {
  Entry* path = nullptr;
  const Entry* original = nullptr;
  for (auto& line : lines) {
    if (line.name == ":path") path = &line;
    if (line.name == "x-envoy-original-path") original = &line;
  }
  if (path != nullptr && original != nullptr) path->value = original->value;
}

std::optional<std::string_view> HostRequest::header(HeaderMap which, std::string_view name) {
  auto all = lines(which);
  for (size_t i = all.size(); i > 0; --i) {
    if (all[i - 1].name == name) return all[i - 1].value;
  }
  return std::nullopt;
}

std::string_view HostRequest::bytes(std::string_view path) {
  for (auto& property : properties_) {
    if (property.path.data() == path.data()) return property.bytes.view();
  }
  properties_.push_back({path, proxy::property(path)});
  return view(properties_.back().bytes);
}

std::string_view HostRequest::text(std::string_view path) {
  return base::replace_illformed(bytes(path), arena_);
}

int64_t HostRequest::number(std::string_view path) {
  int64_t number = 0;
  auto found = bytes(path);
  if (found.size() == sizeof(number)) std::memcpy(&number, found.data(), sizeof(number));
  return number;
}

std::string_view HostRequest::metadata() { return bytes("metadata"_path); }

std::optional<base::Endpoint> HostRequest::upstream() {
  return base::split_endpoint(bytes("upstream.address"_path));
}

bool HostRequest::is_encrypted() { return !bytes("connection.tls_version"_path).empty(); }

}  // namespace mixer_client
