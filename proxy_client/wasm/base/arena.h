// Memory for what lives as long as one run over a request: taken piece by piece, given back at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace base {

class Arena {
 public:
  /// Null when the run has used up what it may; `is_exhausted` is true from then on.
  void* allocate(size_t size);
  char* bytes(size_t size) { return static_cast<char*>(allocate(size)); }
  /// The texts one behind the other; empty when there is no room.
  std::string_view join(std::string_view first, std::string_view second,
                        std::string_view third = {});
  bool is_exhausted() const { return is_exhausted_; }
  /// Forgets all. The first block is kept, so that most runs allocate nothing.
  void reset();

 private:
  static constexpr size_t kBlockSize = 32 * 1024;
  static constexpr size_t kMaxSize = 4 * 1024 * 1024;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t taken_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace base
