#include "policy_filter/series.h"

namespace policy {
namespace {

constexpr uint32_t kLeastSlots = 16;

uint32_t hash_of(Text text) {
  uint32_t hash = 2166136261;  // FNV-1a
  for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash;
}

}  // namespace

uint32_t* Series::find(Text name, uint32_t most) {
  auto hash = hash_of(name);
  if (slots_ != nullptr) {
    auto& known = slot(hash, name);
    if (known.name.data() != nullptr) return &known.number;
  }
  if (count_ >= most) return nullptr;
  auto kept = names_.copy(name);
  if (names_.is_exhausted()) return nullptr;
  if (2 * count_ >= mask_) grow();
  ++count_;
  auto& added = slot(hash, name);
  added = {hash, 0, kept};
  return &added.number;
}

// Where the name is, or the free slot where it belongs.
Series::Slot& Series::slot(uint32_t hash, Text name) {
  for (uint32_t at = hash & mask_;; at = (at + 1) & mask_) {
    auto& slot = slots_[at];
    if (slot.name.data() == nullptr || (slot.hash == hash && slot.name == name)) return slot;
  }
}

void Series::grow() {
  auto before = std::move(slots_);
  auto size = before == nullptr ? 0 : mask_ + 1;
  mask_ = (size == 0 ? kLeastSlots : 2 * size) - 1;
  slots_ = std::make_unique<Slot[]>(mask_ + 1);
  for (uint32_t i = 0; i < size; ++i) {
    if (before[i].name.data() != nullptr) slot(before[i].hash, before[i].name) = before[i];
  }
}

}  // namespace policy
