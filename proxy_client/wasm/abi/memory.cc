#include "memory.h"

#include <cstdlib>
#include <new>

#include "failure.h"
#include "log.h"

namespace proxy::memory {
namespace {

void* reserve = nullptr;

}  // namespace

bool hold_reserve() {
  if (reserve == nullptr) reserve = std::malloc(kReserveSize);
  return reserve != nullptr;
}

bool is_low() { return reserve == nullptr; }

void* allocate(size_t size) {
  if (void* block = std::malloc(size)) return block;
  fail(Failure::OutOfMemory);
  std::free(reserve);
  reserve = nullptr;
  return std::malloc(size);
}

}  // namespace proxy::memory

void* operator new(size_t size) {
  if (void* block = proxy::memory::allocate(size == 0 ? 1 : size)) return block;
  proxy::panic("out of memory, and the reserve is used up");
}

void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }

// What libc++ calls where it would throw (a string too long, a bad index). Its own version prints
// with stdio, which would add 20 KB.
void std::__1::__libcpp_verbose_abort(const char* format, ...) noexcept { proxy::panic(format); }
