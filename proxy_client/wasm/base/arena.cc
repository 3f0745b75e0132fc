#include "base/arena.h"

#include <algorithm>
#include <new>

namespace base {

bool Arena::add_block(size_t size) {
  size = std::max(size, kBlockSize);
  if (size > max_size_ || taken_ > max_size_ - size) {
    is_exhausted_ = true;
    return false;
  }
  // Who has no limit is not ready for null.
  auto* memory = max_size_ == kUnlimited ? ::operator new(sizeof(Block) + size)
                                         : ::operator new(sizeof(Block) + size, std::nothrow);
  if (memory == nullptr) {
    is_exhausted_ = true;
    return false;
  }
  auto* block = static_cast<Block*>(memory);
  *block = {newest_, size};
  newest_ = block;
  next_ = reinterpret_cast<char*>(block + 1);
  left_ = size;
  taken_ += size;
  return true;
}

std::string_view Arena::join(std::string_view first, std::string_view second,
                             std::string_view third) {
  size_t size = first.size() + second.size() + third.size();
  char* to = bytes(size);
  if (to == nullptr) return {};
  for (auto part : {first, second, third}) to += part.copy(to, part.size());
  return {to - size, size};
}

void Arena::reset() {
  is_exhausted_ = false;
  if (newest_ == nullptr) return;
  auto* first = newest_;
  while (first->before != nullptr) first = first->before;
  release(first);
  newest_ = first;
  next_ = reinterpret_cast<char*>(first + 1);
  left_ = taken_ = first->size;
}

// Frees the blocks that are newer than `last`.
void Arena::release(const Block* last) {
  while (newest_ != last) ::operator delete(std::exchange(newest_, newest_->before));
}

void Arena::swap(Arena& other) noexcept {
  std::swap(max_size_, other.max_size_);
  std::swap(newest_, other.newest_);
  std::swap(next_, other.next_);
  std::swap(left_, other.left_);
  std::swap(taken_, other.taken_);
  std::swap(is_exhausted_, other.is_exhausted_);
}

}  // namespace base
