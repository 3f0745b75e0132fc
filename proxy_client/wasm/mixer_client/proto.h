// The wire form of protobuf: a reader that trusts nothing, and a writer.
//
// What the reader refuses is what the decoder of Python's protobuf refuses: a field that is cut
// off, the field 0, a group that does not end, a text that is not UTF-8. A known field on which the
// wire has another type is an unknown field. It is for who reads to let the last one count of a
// single value that stands there twice, and to merge sub-messages that do; protobuf demands both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mixer_client::proto {

enum class Wire : uint32_t {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,  // also texts and sub-messages
  GroupStart = 3,
  GroupEnd = 4,
  Fixed32 = 5,
};

/// The fields of a map's entry.
inline constexpr uint32_t kKey = 1;
inline constexpr uint32_t kValue = 2;

constexpr uint32_t tag(uint32_t field, Wire wire) {
  return field << 3 | static_cast<uint32_t>(wire);
}

/// The fields of one message, one after the other.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  /// Goes to the next field that is no group, of which no message here has one; false at the end,
  /// also when the bytes are no message.
  bool next();
  /// Number and type of the field.
  uint32_t tag() const { return tag_; }
  /// Of a varint or one of fixed size, as it stands there; to be cut to the field's type.
  uint64_t number() const { return number_; }
  int64_t int64() const { return static_cast<int64_t>(number_); }
  int32_t int32() const { return static_cast<int32_t>(number_); }
  /// A sint32.
  int32_t zigzag() const;
  std::string_view bytes() const { return bytes_; }
  /// The bytes; fails when they are not UTF-8.
  std::string_view text();

  /// Says whether something else that belongs to the message is right.
  void require(bool is_right) { has_failed_ |= !is_right; }
  bool has_failed() const { return has_failed_; }

 private:
  bool fail();
  bool read_tag();
  bool read_value();
  bool read_varint(uint64_t& number, uint32_t most_bytes = 10);
  bool take(size_t size);
  bool skip_group();

  std::string_view rest_;
  uint32_t tag_ = 0;
  uint64_t number_ = 0;
  std::string_view bytes_;
  bool has_failed_ = false;
};

/// As a sint32 is written.
constexpr uint32_t to_zigzag(int32_t number) {
  return static_cast<uint32_t>(number) << 1 ^ static_cast<uint32_t>(number >> 31);
}

/// Writes fields behind what is in a string. Their numbers must be 15 at most.
class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  void varint(uint32_t field, uint64_t number);
  void fixed64(uint32_t field, uint64_t number);
  void bytes(uint32_t field, std::string_view bytes);
  /// Begins a sub-message; `close` must be given what this gives.
  size_t open(uint32_t field);
  void close(size_t start);
  /// An entry of a map with numbers (sint32) for keys and varints for values.
  void entry(uint32_t field, int32_t key, uint64_t value);

 private:
  std::string& to_;
};

}  // namespace mixer_client::proto
