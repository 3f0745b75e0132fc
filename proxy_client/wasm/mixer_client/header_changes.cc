#include "mixer_client/header_changes.h"

#include <string>
#include <string_view>

namespace mixer_client {
namespace {

using proxy::HeaderMap;

// What ends a line must not be in a value. Rules may make values of queries, where it is encoded.
constexpr std::string_view kUnsafe("\r\n\0", 3);

// Whether it is a token (RFC 9110, 5.6.2), as names of headers are.
bool is_name(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  for (char c : text) {
    auto is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    auto is_digit = c >= '0' && c <= '9';
    if (!is_letter && !is_digit && kMarks.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

bool is_pseudo(std::string_view name) {
  return name == ":path" || name == ":method" || name == ":authority" || name == ":scheme";
}

void change(HeaderMap map, const HeaderChange& change, std::string_view value) {
  if (change.name.starts_with(':')) {
    // A request can be without none of them, so they are not removed; and each has one value.
    if (map != HeaderMap::Request || !is_pseudo(change.name)) return;
    if (change.operation != Operation::Remove) proxy::replace_header(map, change.name, value);
    return;
  }
  if (!is_name(change.name)) return;
  switch (change.operation) {
    case Operation::Replace:
      proxy::replace_header(map, change.name, value);
      return;
    case Operation::Remove:
      proxy::remove_header(map, change.name);
      return;
    case Operation::Append:
      proxy::add_header(map, change.name, value);
      return;
  }
}

std::string one_line(std::string_view value) {
  std::string line(value);
  for (auto at = line.find_first_of(kUnsafe); at != line.npos; at = line.find_first_of(kUnsafe)) {
    line[at] = ' ';
  }
  return line;
}

}  // namespace

void change_headers(HeaderMap map, const std::vector<HeaderChange>& changes) {
  for (auto& each : changes) {
    auto is_safe = each.value.find_first_of(kUnsafe) == std::string::npos;
    is_safe ? change(map, each, each.value) : change(map, each, one_line(each.value));
  }
}

}  // namespace mixer_client
