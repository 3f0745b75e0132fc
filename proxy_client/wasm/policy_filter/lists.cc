// What is in lists.
#include <algorithm>

#include "base/utf8.h"
#include "policy_filter/address.h"
#include "policy_filter/check.h"

namespace policy {

using base::decode_utf8;
namespace {

bool has(const Items<Text>& entries, Text text) {
  auto* place = std::lower_bound(entries.begin(), entries.end(), text);
  return place != entries.end() && *place == text;
}

Text folding(const List& list, uint32_t code) {
  auto* row = std::lower_bound(list.fold.begin(), list.fold.end(), code,
                               [](auto& it, uint32_t wanted) { return it.character < wanted; });
  return row != list.fold.end() && row->character == code ? row->text : Text();
}

// ASCII by itself, all else by the table of the list.
size_t fold(const List& list, std::string_view text, char* to) {
  size_t size = 0;
  while (!text.empty()) {
    auto character = decode_utf8(text);
    auto piece = text.substr(0, character.size);
    auto folded = character.size > 1 ? folding(list, character.code) : std::string_view();
    size += (folded.empty() ? piece : folded).copy(to + size, SIZE_MAX);
    if (piece[0] >= 'A' && piece[0] <= 'Z') to[size - 1] |= 0x20;
    text.remove_prefix(character.size);
  }
  return size;
}

bool is_in_folded(const List& list, std::string_view text, Arena& arena) {
  size_t growth = 1;
  for (auto& row : list.fold) growth = std::max(growth, row.text.size());
  char* to = arena.bytes(text.size() * growth);
  return to != nullptr && has(list.entries, {to, fold(list, text, to)});
}

bool is_in(std::string_view address, const Network& network) {
  if (address.size() != network.address.size()) return false;
  auto whole = network.length / 8, bits = network.length % 8;
  if (address.substr(0, whole) != network.address.substr(0, whole)) return false;
  if (bits == 0) return true;
  auto difference = static_cast<uint8_t>(address[whole] ^ network.address[whole]);
  return difference >> (8 - bits) == 0;
}

Found look_up_address(const List& list, Kind kind, std::string_view value) {
  char parsed[16];
  if (kind == Kind::Text) {
    if (!parse_address(value, parsed)) return Found::NoAddress;
    value = {parsed, sizeof(parsed)};
  }
  value = shortest_address(value);
  for (auto& network : list.networks) {
    if (is_in(value, network)) return Found::Yes;
  }
  return Found::No;
}

}  // namespace

Found look_up(const Program& program, const List& list, Kind kind, std::string_view value,
              Arena& arena) {
  if (list.kind == ListKind::Addresses) return look_up_address(list, kind, value);
  char text[kMaxAddressText];
  if (kind == Kind::Address) value = {text, address_text(value, text)};
  bool is_found = list.kind == ListKind::Texts    ? has(list.entries, value)
                  : list.kind == ListKind::Folded ? is_in_folded(list, value, arena)
                                                  : finds(program.automata[list.automaton], value);
  return is_found ? Found::Yes : Found::No;
}

}  // namespace policy
