#include "mixer_client/sort.h"

#include <algorithm>

namespace mixer_client {

// By a heap, which takes a quarter of the code that std::sort does, and never n * n steps.
void sort(std::span<uint32_t> numbers, IsBefore is_before) {
  std::make_heap(numbers.begin(), numbers.end(), is_before);
  std::sort_heap(numbers.begin(), numbers.end(), is_before);
}

}  // namespace mixer_client
