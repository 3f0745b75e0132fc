#include "base/query.h"

#include "base/distinct.h"
#include "base/text.h"
#include "base/utf8.h"

namespace base {
namespace {

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

std::string_view unescaped(std::string_view text, Arena& arena) {
  if (text.find_first_of("%+") == std::string_view::npos) return text;
  char* raw = arena.bytes(text.size());
  if (raw == nullptr) return {};
  return replace_illformed({raw, unescape(text, raw)}, arena);
}

Entry param(std::string_view part, Arena& arena) {
  auto equals = part.find('=');
  auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
  return {unescaped(part.substr(0, equals), arena), unescaped(value, arena)};
}

}  // namespace

std::string_view url_path(std::string_view path) { return path.substr(0, path.find('?')); }

Map query_params(std::string_view path, Arena& arena) {
  auto before = url_path(path).size();
  if (before == path.size()) return {};
  auto rest = path.substr(before + 1);
  size_t most = 1;
  for (char c : rest) most += c == '&';
  auto* entries = static_cast<Entry*>(arena.allocate(most * sizeof(Entry)));
  if (entries == nullptr) return {};
  size_t count = 0;
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : part.size());
    if (!part.empty()) entries[count++] = param(part, arena);
  }
  return distinct({entries, count}, Keep::First, arena);
}

}  // namespace base
