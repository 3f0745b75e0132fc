// Reads messages in protobuf's JSON form, and knows where in them it is.
//
// After the first thing that is wrong, `failed` is true and all that is read is empty, as with the
// JsonReader below it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "mixer_client/function_ref.h"

namespace mixer_client {

class Loader;

/// One field of a message, by its name in the proto file, and what takes its value.
template <class Target>
struct FieldOf {
  std::string_view name;
  void (*read)(Loader&, Target&);
};

class Loader {
 public:
  explicit Loader(std::string_view text) : json_(text) {}

  /// Reads a message whose fields must be among `fields`, each at most once; null is an absent one.
  /// Gives how many there were.
  template <class Target, size_t Count>
  uint32_t message(const FieldOf<Target> (&fields)[Count], Target& target) {
    static_assert(Count <= kMaxFields);
    auto name = [&](size_t place) { return fields[place].name; };
    auto read = [&](size_t place) { fields[place].read(*this, target); };
    return message(Count, name, read);
  }

  /// Calls `read(key)` for each key of a map, of which there may be `most`; that must read the
  /// value.
  void map(size_t most, FunctionRef<void(std::string_view key)> read);

  /// Calls `read()` for each item of a list, of which there may be `most`; that must read it.
  void list(size_t most, FunctionRef<void()> read);

  std::string text() { return json_.text(); }
  bool boolean() { return json_.boolean(); }
  /// A number, or a text of its digits.
  int64_t int64();
  /// The same from 0 to `most`.
  uint32_t natural(uint32_t most);
  /// Such as "1.5s", in ns.
  int64_t duration();
  /// A duration of at least `least` ms and at most a day, in whole ms.
  uint32_t milliseconds(uint32_t least);
  /// The number of a name, or that number.
  uint32_t choice(std::span<const std::string_view> names);

  void fail(std::string_view why);
  bool failed() const { return json_.failed(); }
  /// Fails if something stands behind what was read.
  void end() { json_.end(); }
  /// What is wrong and where; empty when nothing is.
  std::string error() const;

 private:
  static constexpr size_t kMaxFields = 32;

  uint32_t message(size_t field_count, FunctionRef<std::string_view(size_t place)> name,
                   FunctionRef<void(size_t place)> read);
  void at(std::string_view step, FunctionRef<void()> read);
  void at_key(std::string_view key, FunctionRef<void()> read);

  base::JsonReader json_;
  std::string place_;
  std::string why_;
};

}  // namespace mixer_client
