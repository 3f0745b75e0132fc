#include "mixer_client/dictionary.h"

#include <algorithm>
#include <array>

#include "mixer_client/proto.h"

namespace mixer_client {
namespace {

constexpr uint32_t kGlobalPlaces = 1024;
constexpr uint8_t kNoWord = 255;
static_assert(kGlobalWordCount < kNoWord);

constexpr size_t kMaxGlobalWordSize = [] {
  size_t most = 0;
  for (auto word : kGlobalWords) most = std::max(most, word.size());
  return most;
}();

// Where to look first for a word that is not empty. A few of its bytes are enough to tell the words
// of the list apart, and nobody can add to them.
constexpr uint32_t global_place(std::string_view word) {
  auto byte = [&](size_t i) { return uint32_t{static_cast<uint8_t>(word[i])}; };
  size_t size = word.size();
  uint32_t sample = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
  return ((sample + static_cast<uint32_t>(size) * 0x1000193u) * 0x9e3779b1u) >> 22;
}

// The positions of the words by `global_place`, or else in the next place that was free.
constexpr auto kGlobalTable = [] {
  std::array<uint8_t, kGlobalPlaces> table;
  table.fill(kNoWord);
  for (uint32_t index = 0; index < kGlobalWordCount; ++index) {
    uint32_t place = global_place(kGlobalWords[index]);
    while (table[place] != kNoWord) place = (place + 1) % kGlobalPlaces;
    table[place] = static_cast<uint8_t>(index);
  }
  return table;
}();

// Enough for most Checks.
constexpr size_t kFirstPlaces = 256;
constexpr size_t kFirstSize = 2048;

}  // namespace

int32_t find_global_word(std::string_view word) {
  if (word.empty() || word.size() > kMaxGlobalWordSize) return -1;
  uint32_t place = global_place(word);
  for (; kGlobalTable[place] != kNoWord; place = (place + 1) % kGlobalPlaces) {
    if (kGlobalWords[kGlobalTable[place]] == word) return kGlobalTable[place];
  }
  return -1;
}

void Dictionary::begin(uint32_t global_word_count, std::string_view unforeseen) {
  if (!unforeseen.empty()) hash_.change_key(unforeseen);
  global_word_count_ = global_word_count;
  forget(0);
  own_words_.reserve(kFirstSize);
  slots_.reserve(kFirstPlaces / 2);
}

int32_t Dictionary::index(std::string_view word) {
  int32_t found = find_global_word(word);
  if (found >= 0 && static_cast<uint32_t>(found) < global_word_count_) return found;
  return own_index(word);
}

int32_t Dictionary::index(const Names& names, Name name) {
  int32_t found = names.global_index(name);
  if (found >= 0 && static_cast<uint32_t>(found) < global_word_count_) return found;
  return own_index(names.text(name));
}

int32_t Dictionary::own_index(std::string_view word) {
  uint32_t hash = hash_(word);
  size_t mask = places_.size() - 1;
  if (!places_.empty()) {
    for (size_t place = hash & mask; places_[place] != 0; place = (place + 1) & mask) {
      uint32_t slot = places_[place] - 1;
      if (slots_[slot].hash == hash && text(slots_[slot]) == word)
        return ~static_cast<int32_t>(slot);
    }
  }
  return add(word, hash);
}

int32_t Dictionary::add(std::string_view word, uint32_t hash) {
  if (slots_.size() >= kMaxOwnWords || word.size() > kMaxSize - own_words_.size()) {
    is_full_ = true;
    return 0;
  }
  // At most half of the places are taken, so that searches are short.
  if (slots_.size() * 2 >= places_.size()) rebuild(std::max(places_.size() * 2, kFirstPlaces));
  auto slot = static_cast<uint32_t>(slots_.size());
  proto::Writer(own_words_).bytes(words_field_, word);
  slots_.push_back({static_cast<uint32_t>(own_words_.size() - word.size()),
                    static_cast<uint32_t>(word.size()), hash});
  places_[free_place(hash)] = slot + 1;
  return ~static_cast<int32_t>(slot);
}

std::string_view Dictionary::text(const Slot& slot) const {
  return std::string_view(own_words_).substr(slot.start, slot.size);
}

uint32_t Dictionary::free_place(uint32_t hash) const {
  size_t mask = places_.size() - 1;
  size_t place = hash & mask;
  while (places_[place] != 0) place = (place + 1) & mask;
  return static_cast<uint32_t>(place);
}

void Dictionary::forget(uint32_t own_word_count) {
  is_full_ = false;
  if (own_word_count >= slots_.size()) return;
  if (own_word_count == 0) {
    own_words_.clear();
  } else {
    auto& last = slots_[own_word_count - 1];
    own_words_.resize(last.start + last.size);
  }
  slots_.resize(own_word_count);
  rebuild(places_.size());
}

void Dictionary::rebuild(size_t place_count) {
  places_.assign(place_count, 0);
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    places_[free_place(slots_[slot].hash)] = slot + 1;
  }
}

}  // namespace mixer_client
