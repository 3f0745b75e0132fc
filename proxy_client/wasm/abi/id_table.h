// Things by the host's ids.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

namespace proxy {

/// A hash table with open addressing. Ids are handed out one after the other, so an id by itself is
/// a good hash: what lives at one time has neighbouring places. There is no allocation for an
/// entry, only for twice the room.
template <class Value>
class IdTable {
 public:
  size_t size() const { return size_; }

  /// Null when there is none; valid until the next change.
  Value* find(uint32_t id) const {
    if (slots_ == nullptr) return nullptr;
    auto& slot = slots_[place(id)];
    return slot.is_used ? &slot.value : nullptr;
  }

  void put(uint32_t id, Value value) {
    if (2 * size_ >= room_) grow();
    auto& slot = slots_[place(id)];
    size_ += !slot.is_used;
    slot = {id, true, std::move(value)};
  }

  bool erase(uint32_t id) {
    if (find(id) == nullptr) return false;
    auto hole = place(id);
    // It ends when the table is in order again: its destructor may look something up.
    [[maybe_unused]] auto erased = std::exchange(slots_[hole], {});
    --size_;
    // What has been pushed on by the entry moves back, so that it is found without it.
    for (auto at = next(hole); slots_[at].is_used; at = next(at)) {
      auto moved = std::exchange(slots_[at], {});
      slots_[place(moved.id)] = std::move(moved);
    }
    return true;
  }

  template <class Visit>
  void each(Visit visit) const {
    for (size_t at = 0; at < room_; ++at) {
      if (slots_[at].is_used) visit(slots_[at].value);
    }
  }

 private:
  static constexpr size_t kLeastRoom = 16;
  struct Slot {
    uint32_t id = 0;
    bool is_used = false;
    Value value{};
  };

  size_t next(size_t at) const { return (at + 1) & (room_ - 1); }

  // Where the id is, or the free slot where it belongs.
  size_t place(uint32_t id) const {
    size_t at = id & (room_ - 1);
    while (slots_[at].is_used && slots_[at].id != id) at = next(at);
    return at;
  }

  void grow() {
    auto before = std::move(slots_);
    auto size = std::exchange(room_, room_ == 0 ? kLeastRoom : 2 * room_);
    slots_ = std::make_unique<Slot[]>(room_);
    for (size_t at = 0; at < size; ++at) {
      if (before[at].is_used) slots_[place(before[at].id)] = std::move(before[at]);
    }
  }

  std::unique_ptr<Slot[]> slots_;
  size_t room_ = 0;
  size_t size_ = 0;
};

}  // namespace proxy
