#include "mixer_client/referenced.h"

#include "mixer_client/global_words.h"
#include "mixer_client/proto.h"

namespace mixer_client {
namespace {

using proto::Reader;
using proto::tag;
using proto::Wire;

// Of ReferencedAttributes.
constexpr uint32_t kWords = 1;
constexpr uint32_t kMatches = 2;
// Of an AttributeMatch.
constexpr uint32_t kName = 1;
constexpr uint32_t kCondition = 2;
constexpr uint32_t kRegexText = 3;
constexpr uint32_t kMapKey = 4;

constexpr int32_t kUnspecified = 0;
constexpr int32_t kExact = 2;
constexpr int32_t kRegex = 3;

// Each reference can name two.
constexpr size_t kMaxWords = 2 * kMaxReferences;

// Takes so much of what is left; false when that is too little.
template <class Amount>
bool take(Amount& left, Amount amount) {
  if (amount > left) return false;
  left -= amount;
  return true;
}

}  // namespace

bool ReferencedMessage::read(std::string_view bytes) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(kWords, Wire::Bytes):
        words_.push_back(from.text());
        from.require(words_.size() <= kMaxWords);
        break;
      case tag(kMatches, Wire::Bytes):
        from.require(read_match(from.bytes()) && matches_.size() <= kMaxReferences);
        break;
    }
  }
  return !from.has_failed();
}

bool ReferencedMessage::read_match(std::string_view bytes) {
  Match match;
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(kName, Wire::Varint):
        match.name = from.zigzag();
        break;
      case tag(kCondition, Wire::Varint):
        match.condition = from.int32();
        break;
      case tag(kRegexText, Wire::Bytes):
        from.text();  // nobody needs it, but it must be one
        break;
      case tag(kMapKey, Wire::Varint):
        match.key = from.zigzag();
        break;
    }
  }
  matches_.push_back(match);
  return !from.has_failed();
}

std::optional<ReferencedAttributes> ReferencedMessage::resolve(Allowance& allowance) const {
  ReferencedAttributes resolved;
  for (auto& match : matches_) {
    if (match.condition == kUnspecified) continue;
    auto found = reference(match);
    if (!found) return ReferencedAttributes{.is_usable = false, .references = {}};
    size_t size = found->name.size() + found->key.size();
    if (!take(allowance.references, 1u) || !take(allowance.size, size)) return std::nullopt;
    resolved.references.push_back(*std::move(found));
  }
  return resolved;
}

std::optional<Reference> ReferencedMessage::reference(const Match& match) const {
  auto name = word(match.name);
  if (!name || match.condition == kRegex) return std::nullopt;
  Reference found;
  found.name = *name;
  // A condition that only a newer server knows is taken for ABSENCE, so that the answer is not used
  // again for a request that has the attribute.
  if (match.condition != kExact) found.condition = Reference::Condition::Absence;
  if (auto key = word(match.key); match.key != 0 && key) {
    found.key = *key;
    found.key_state = Reference::Key::Known;
  }
  return found;
}

std::optional<std::string_view> ReferencedMessage::word(int32_t index) const {
  // All of the global list, also when requests are made in fewer words of it.
  if (index >= 0) {
    auto place = static_cast<size_t>(index);
    return place < std::size(kGlobalWords) ? std::optional(kGlobalWords[place]) : std::nullopt;
  }
  auto slot = static_cast<size_t>(~index);
  return slot < words_.size() ? std::optional(words_[slot]) : std::nullopt;
}

}  // namespace mixer_client
