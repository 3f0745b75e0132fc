#include "base/arena.h"

#include <algorithm>
#include <cstring>

namespace base {

void* Arena::allocate(size_t size) {
  size = (size + 7) & ~size_t{7};
  if (size > left_) {
    size_t block = std::max(size, kBlockSize);
    if (size > kMaxSize || taken_ + block > kMaxSize) {
      is_exhausted_ = true;
      return nullptr;
    }
    blocks_.push_back(std::unique_ptr<char[]>(new char[block]));
    next_ = blocks_.back().get();
    left_ = block;
    taken_ += block;
  }
  char* found = next_;
  next_ += size;
  left_ -= size;
  return found;
}

std::string_view Arena::join(std::string_view first, std::string_view second,
                             std::string_view third) {
  size_t size = first.size() + second.size() + third.size();
  char* to = bytes(size);
  if (to == nullptr) return {};
  std::memcpy(to, first.data(), first.size());
  std::memcpy(to + first.size(), second.data(), second.size());
  std::memcpy(to + first.size() + second.size(), third.data(), third.size());
  return {to, size};
}

void Arena::reset() {
  is_exhausted_ = false;
  if (blocks_.empty()) return;
  if (blocks_.size() > 1) {
    blocks_.clear();
    next_ = nullptr;
    left_ = taken_ = 0;
    return;
  }
  size_t size = taken_;
  next_ = blocks_.front().get();
  left_ = size;
}

}  // namespace base
