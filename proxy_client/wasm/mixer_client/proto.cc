#include "mixer_client/proto.h"

#include <cstring>

#include "base/utf8.h"

namespace mixer_client::proto {
namespace {

constexpr uint32_t kMaxDepth = 100;

Wire wire(uint32_t tag) { return static_cast<Wire>(tag & 7); }

char* put_varint(char* to, uint64_t number) {
  for (; number >= 0x80; number >>= 7) *to++ = static_cast<char>(number | 0x80);
  *to++ = static_cast<char>(number);
  return to;
}

char* put_tag(char* to, uint32_t field, Wire wire) {
  *to++ = static_cast<char>(tag(field, wire));
  return to;
}

constexpr size_t kMaxVarintSize = 10;

}  // namespace

bool Reader::fail() {
  has_failed_ = true;
  return false;
}

bool Reader::next() {
  while (!has_failed_ && !rest_.empty()) {
    if (!read_tag()) return false;
    if (wire(tag_) != Wire::GroupStart) return read_value();
    if (!skip_group()) return false;
  }
  return false;
}

bool Reader::read_tag() {
  uint64_t number;
  if (!read_varint(number, 5) || number > UINT32_MAX || number >> 3 == 0) return fail();
  tag_ = static_cast<uint32_t>(number);
  return true;
}

bool Reader::read_value() {
  switch (wire(tag_)) {
    case Wire::Varint:
      return read_varint(number_) || fail();
    case Wire::Fixed64:
      if (!take(8)) return fail();
      std::memcpy(&number_, bytes_.data(), 8);
      return true;
    case Wire::Fixed32:
      if (!take(4)) return fail();
      number_ = 0;
      std::memcpy(&number_, bytes_.data(), 4);
      return true;
    case Wire::Bytes: {
      uint64_t size;
      return (read_varint(size, 5) && size <= INT32_MAX && take(size)) || fail();
    }
    default:
      return fail();
  }
}

bool Reader::read_varint(uint64_t& number, uint32_t most_bytes) {
  number = 0;
  for (uint32_t i = 0; i < most_bytes && i < rest_.size(); ++i) {
    auto byte = static_cast<uint8_t>(rest_[i]);
    number |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool Reader::take(size_t size) {
  if (size > rest_.size()) return false;
  bytes_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

// Groups in groups are kept track of by number, as their ends name it.
bool Reader::skip_group() {
  uint32_t open[kMaxDepth];
  uint32_t depth = 0;
  do {
    uint32_t field = tag_ >> 3;
    switch (wire(tag_)) {
      case Wire::GroupStart:
        if (depth == kMaxDepth) return fail();
        open[depth++] = field;
        break;
      case Wire::GroupEnd:
        if (open[--depth] != field) return fail();
        break;
      default:
        if (!read_value()) return false;
    }
  } while (depth > 0 && read_tag());
  return !has_failed_;
}

int32_t Reader::zigzag() const {
  auto number = static_cast<uint32_t>(number_);
  return static_cast<int32_t>(number >> 1 ^ (~(number & 1) + 1));
}

std::string_view Reader::text() {
  require(base::is_utf8(bytes_));
  return bytes_;
}

void Writer::varint(uint32_t field, uint64_t number) {
  char bytes[1 + kMaxVarintSize];
  to_.append(bytes, put_varint(put_tag(bytes, field, Wire::Varint), number));
}

void Writer::fixed64(uint32_t field, uint64_t number) {
  char bytes[1 + sizeof(number)];
  std::memcpy(put_tag(bytes, field, Wire::Fixed64), &number, sizeof(number));
  to_.append(bytes, sizeof(bytes));
}

void Writer::bytes(uint32_t field, std::string_view bytes) {
  char head[1 + kMaxVarintSize];
  to_.append(head, put_varint(put_tag(head, field, Wire::Bytes), bytes.size()));
  to_.append(bytes);
}

size_t Writer::open(uint32_t field) {
  char head[] = {static_cast<char>(tag(field, Wire::Bytes)), 0};
  to_.append(head, sizeof(head));
  return to_.size();
}

void Writer::close(size_t start) {
  // Most are short, so there is one byte for the size. A longer size moves what is behind it.
  char size[kMaxVarintSize];
  char* end = put_varint(size, to_.size() - start);
  to_[start - 1] = size[0];
  if (end > size + 1) to_.insert(start, size + 1, static_cast<size_t>(end - size - 1));
}

void Writer::entry(uint32_t field, int32_t key, uint64_t value) {
  char bytes[4 + 2 * kMaxVarintSize];
  char* end = put_varint(put_tag(bytes + 2, 1, Wire::Varint), to_zigzag(key));
  end = put_varint(put_tag(end, 2, Wire::Varint), value);
  put_tag(bytes, field, Wire::Bytes);
  bytes[1] = static_cast<char>(end - bytes - 2);
  to_.append(bytes, end);
}

}  // namespace mixer_client::proto
