// Memory for what ends together: taken piece by piece, given back at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace base {

class Arena {
 public:
  /// What one run over a request may use.
  static constexpr size_t kRunSize = 4 * 1024 * 1024;
  static constexpr size_t kUnlimited = SIZE_MAX;

  explicit Arena(size_t max_size = kRunSize) : max_size_(max_size) {}
  Arena(Arena&& other) noexcept : Arena(other.max_size_) { swap(other); }
  Arena& operator=(Arena&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Arena() { release(nullptr); }

  /// Null when all that may be used is, or there is no memory; `is_exhausted` is true from then on.
  /// An arena without a limit never gives null.
  void* allocate(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > left_ && !add_block(size)) return nullptr;
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }
  char* bytes(size_t size) { return static_cast<char*>(allocate(size)); }
  /// A copy of a text; empty when there is no room.
  std::string_view copy(std::string_view text) { return join(text, {}); }
  /// The texts one behind the other; empty when there is no room.
  std::string_view join(std::string_view first, std::string_view second,
                        std::string_view third = {});
  bool is_exhausted() const { return is_exhausted_; }
  /// Forgets all. The first block is kept, so that most runs allocate nothing.
  void reset();

 private:
  struct Block {
    Block* before;
    size_t size;
  };
  static constexpr size_t kBlockSize = 32 * 1024 - sizeof(Block);

  bool add_block(size_t size);
  void release(const Block* last);
  void swap(Arena& other) noexcept;

  size_t max_size_;
  Block* newest_ = nullptr;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t taken_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace base
