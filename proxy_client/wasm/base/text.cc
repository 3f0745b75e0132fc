#include "base/text.h"

#include "base/utf8.h"

namespace base {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

std::string_view replace_illformed(std::string_view bytes, Arena& arena) {
  if (is_ascii(bytes) || is_utf8(bytes)) return bytes;
  char* to = arena.bytes(bytes.size() * kReplacement.size());
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

}  // namespace base
