#include <array>

#include "mixer_client/compressed.h"
#include "mixer_client/proto.h"
#include "mixer_client/report_fields.h"
#include "mixer_client/requests.h"

namespace mixer_client {
namespace {

using proto::kKey;
using proto::kValue;
using proto::Reader;
using proto::tag;
using proto::Wire;
using proto::Writer;
using report_fields::kAttributes;
using report_fields::kDefaultWords;

// What the entries of a map hold that are numbers of words.
enum class Kind { Keys, KeysAndValues, KeysAndMaps };

Kind kind(uint32_t field) {
  if (field == compressed_fields::kStrings) return Kind::KeysAndValues;
  return field == compressed_fields::kStringMaps ? Kind::KeysAndMaps : Kind::Keys;
}

void copy(const Reader& from, Writer& to) {
  uint32_t field = from.tag() >> 3;
  switch (static_cast<Wire>(from.tag() & 7)) {
    case Wire::Varint:
      return to.varint(field, from.number());
    case Wire::Fixed64:
      return to.fixed64(field, from.number());
    default:
      return to.bytes(field, from.bytes());
  }
}

// Writes messages anew, with words of their own in place of those that the server does not know.
class Rewriter {
 public:
  explicit Rewriter(uint32_t word_count) : word_count_(word_count) {}

  void own_word(std::string_view word) {
    Writer(own_words_).bytes(kDefaultWords, word);
    ++own_word_count_;
  }
  const std::string& own_words() const { return own_words_; }

  void bag(std::string_view sent, Writer& to) {
    for (Reader from(sent); from.next();) {
      uint32_t field = from.tag() >> 3;
      size_t start = to.open(field);
      entry(from.bytes(), kind(field), to);
      to.close(start);
    }
  }

 private:
  void entry(std::string_view sent, Kind kind, Writer& to) {
    for (Reader from(sent); from.next();) {
      bool is_value = from.tag() >> 3 == kValue;
      if (!is_value || kind == Kind::KeysAndValues) {
        to.varint(from.tag() >> 3, proto::to_zigzag(index(from.zigzag())));
      } else if (kind == Kind::KeysAndMaps) {
        size_t start = to.open(kValue);
        map(from.bytes(), to);
        to.close(start);
      } else {
        copy(from, to);
      }
    }
  }

  void map(std::string_view sent, Writer& to) {
    for (Reader from(sent); from.next();) {
      size_t start = to.open(from.tag() >> 3);
      entry(from.bytes(), Kind::KeysAndValues, to);
      to.close(start);
    }
  }

  int32_t index(int32_t sent) {
    if (sent < static_cast<int32_t>(word_count_)) return sent;
    auto& found = moved_[static_cast<uint32_t>(sent)];
    if (found == 0) {
      found = ~own_word_count_;
      own_word(kGlobalWords[static_cast<uint32_t>(sent)]);
    }
    return found;
  }

  uint32_t word_count_;
  int32_t own_word_count_ = 0;
  std::string own_words_;
  std::array<int32_t, kGlobalWordCount> moved_{};  // by position in the list; 0 if it was not met
};

}  // namespace

std::string report_in_fewer_words(std::string_view sent, const WordCount& words) {
  Rewriter rewriter(words.value());
  for (Reader from(sent); from.next();) {
    if (from.tag() == tag(kDefaultWords, Wire::Bytes)) rewriter.own_word(from.bytes());
  }
  std::string request;
  request.reserve(sent.size() + sent.size() / 4);
  Writer to(request);
  for (Reader from(sent); from.next();) {
    if (from.tag() != tag(kAttributes, Wire::Bytes)) continue;
    size_t start = to.open(kAttributes);
    rewriter.bag(from.bytes(), to);
    to.close(start);
  }
  report_fields::finish(request, rewriter.own_words(), words.value());
  return request;
}

}  // namespace mixer_client
