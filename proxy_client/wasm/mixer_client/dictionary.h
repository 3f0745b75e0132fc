// The words of a message: those that every client and server knows by heart, and its own.
//
// The C++ twin of `Indices` in mixer/attribute/compressed_encode.py: a word of the global list is
// written as its position there, any other word once into the message's own list, of which slot i
// is written as -(i + 1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/global_words.h"
#include "mixer_client/word_hash.h"

namespace mixer_client {

inline constexpr uint32_t kGlobalWordCount = std::size(kGlobalWords);

/// The position of a word in the global list; -1 for one that is not there.
int32_t find_global_word(std::string_view word);

/// Numbers for the words of one message.
class Dictionary {
 public:
  /// Both of one message; with more, the dictionary is full.
  static constexpr uint32_t kMaxOwnWords = 16 * 1024;
  static constexpr uint32_t kMaxSize = 1024 * 1024;

  /// `words_field` is the number, up to 15, of the field in which a message has its own words.
  explicit Dictionary(uint32_t words_field) : words_field_(words_field) {}

  /// Empties this for a message in which so many words of the global list may be used. `unforeseen`
  /// is for WordHash::change_key.
  void begin(uint32_t global_word_count, std::string_view unforeseen = {});
  uint32_t global_word_count() const { return global_word_count_; }

  /// The number of a word; of no meaning when this is full.
  int32_t index(std::string_view word);
  int32_t index(const Names& names, Name name);

  /// The message's own words, in the form in which the message has them.
  std::string_view own_words() const { return own_words_; }
  uint32_t own_word_count() const { return static_cast<uint32_t>(slots_.size()); }
  /// Whether some word was one too many, since `begin` or `forget`.
  bool is_full() const { return is_full_; }
  /// Forgets all own words but the first so many.
  void forget(uint32_t own_word_count);

 private:
  // An own word: where in own_words_ it stands.
  struct Slot {
    uint32_t start;
    uint32_t size;
    uint32_t hash;
  };

  int32_t own_index(std::string_view word);
  int32_t add(std::string_view word, uint32_t hash);
  std::string_view text(const Slot& slot) const;
  uint32_t free_place(uint32_t hash) const;
  void rebuild(size_t place_count);

  uint32_t words_field_;
  uint32_t global_word_count_ = kGlobalWordCount;
  bool is_full_ = false;
  WordHash hash_;
  std::string own_words_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> places_;  // of a hash table: slot + 1, or 0; a power of two of them
};

}  // namespace mixer_client
