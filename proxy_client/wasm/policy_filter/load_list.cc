// Lists and automata.
#include "base/utf8.h"
#include "policy_filter/load.h"

namespace policy {
namespace {

constexpr uint32_t kMaxClass = 255, kMaxState = 65535;
constexpr uint32_t kByteCount = 256;
constexpr std::string_view kListKinds[] = {"texts", "folded", "addresses", "patterns"};

constexpr Member kNetwork[] = {
    {"address", read_address, offsetof(Network, address)},
    {"length", natural, offsetof(Network, length)},
};

void read_network(Reader& json, Network& network) {
  read_tuple(json, kNetwork, &network);
  if (network.length > network.address.size() * 8) json.fail("a number out of range");
}

void read_fold(Reader& json, Items<Folding>& fold) {
  json.object([&](std::string_view key) {
    auto character = key.empty() ? base::Character{} : base::decode_utf8(key);
    if (key.empty() || character.size != key.size()) json.fail("a key that is not one character");
    if (!fold.empty() && fold[fold.size() - 1].character >= character.code) {
      json.fail("characters not in order");
    }
    fold.add(json.arena()) = {character.code, json.kept_text()};
  });
}

constexpr Member kList[] = {
    {"kind", name<kListKinds>, offsetof(List, kind)},
    {"entries", list_of<Text, text>, offsetof(List, entries)},
    {"fold", with<Items<Folding>, read_fold>, offsetof(List, fold)},
    {"networks", list_of<Network, with<Network, read_network>>, offsetof(List, networks)},
    {"automaton", natural, offsetof(List, automaton)},
};
// Which of these keys a list of each kind has.
constexpr uint32_t kListKeys[] = {0b00011, 0b00111, 0b01001, 0b10001};

template <uint32_t kMost>
void read_small(Reader& json, void* number) {
  *static_cast<uint16_t*>(number) = static_cast<uint16_t>(json.natural(kMost));
}

constexpr Member kAutomaton[] = {
    {"classes", list_of<uint16_t, read_small<kMaxClass>>, offsetof(Automaton, classes)},
    {"next", list_of<uint16_t, read_small<kMaxState>>, offsetof(Automaton, next)},
    {"start", natural, offsetof(Automaton, start)},
    {"final", list_of<uint32_t, natural>, offsetof(Automaton, final)},
};

bool is_below(uint32_t number, uint32_t limit) { return number < limit; }

// Whether all states that it can come to are there.
bool has_its_states(const Automaton& it, uint32_t states) {
  bool is_whole = states >= 2 && it.next.size() == states * it.class_count && it.start < states;
  for (auto state : it.next) is_whole = is_whole && is_below(state, states);
  for (auto state : it.final) is_whole = is_whole && is_below(state, states);
  return is_whole;
}

}  // namespace

void read_look_up_list(Reader& json, void* target) {
  auto& list = *static_cast<List*>(target);
  auto seen = read_some(json, kList, &list);
  if (seen != kListKeys[static_cast<uint32_t>(list.kind)]) json.fail("a list with other keys");
  for (uint32_t i = 1; i < list.entries.size(); ++i) {
    if (list.entries[i] < list.entries[i - 1]) json.fail("entries not in order");
  }
}

void read_automaton(Reader& json, void* target) {
  auto& it = *static_cast<Automaton*>(target);
  read_all(json, kAutomaton, &it);
  if (it.classes.size() != kByteCount) return json.fail("a list of another length");
  for (uint32_t number : it.classes)
    it.class_count = number < it.class_count ? it.class_count : number + 1;
  auto states = it.next.size() / it.class_count;
  if (!has_its_states(it, states)) return json.fail("an automaton with wrong states");
  it.is_final = json.arena().bytes(states);
  for (uint32_t state = 0; state < states; ++state) it.is_final[state] = 0;
  for (auto state : it.final) it.is_final[state] = 1;
}

}  // namespace policy
