// The attributes of one request, by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mixer_client/value.h"

namespace mixer_client {

/// The number of an attribute's name.
using Name = uint32_t;

/// All names that any request of one configuration can have. Those that a Check can read are there
/// after configuration; numbers and texts never change.
class Names {
 public:
  static constexpr Name kNone = UINT32_MAX;
  static constexpr uint32_t kMaxCount = 512;

  Names() { texts_.reserve(kMaxCount); }  // so that no text ever moves

  /// The number of a name, given now if it has none; kNone when there are too many.
  Name add(std::string_view text);
  /// The number of a name; kNone for one that no request can have.
  Name find(std::string_view text) const;
  std::string_view text(Name name) const { return texts_[name]; }
  /// Its position in the list of words that Mixer knows by heart; -1 for none.
  int32_t global_index(Name name) const { return global_indices_[name]; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  // Where a text is, or belongs, in by_text_.
  std::vector<Name>::const_iterator place(std::string_view text) const;

  std::vector<std::string> texts_;
  std::vector<int32_t> global_indices_;
  std::vector<Name> by_text_;  // sorted
};

/// What a request shows of its attributes, worked out when it is asked for.
class Bag {
 public:
  explicit Bag(const Names& names) : names_(names) {}
  Bag(const Bag&) = delete;
  Bag& operator=(const Bag&) = delete;
  virtual ~Bag() = default;

  /// Null when the attribute is absent; also for kNone. Valid until the bag changes or ends.
  virtual const Value* find(Name name) = 0;
  const Names& names() const { return names_; }

 private:
  const Names& names_;
};

/// A copy of all that a bag shows, for when the request is over before the answer is in.
class KeptBag final : public Bag {
 public:
  explicit KeptBag(Bag& original);

  const Value* find(Name name) override;

 private:
  struct Slot {
    bool is_present = false;
    Value value;
  };

  std::vector<Slot> slots_;  // by name
  std::unique_ptr<char[]> bytes_;
  std::unique_ptr<base::Entry[]> entries_;
};

}  // namespace mixer_client
