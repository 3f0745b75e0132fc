#include "memory.h"

#include <cstdlib>
#include <new>

#include "failure.h"
#include "log.h"

namespace proxy::memory {
namespace {

constexpr size_t kAlignment = alignof(max_align_t);

// Blocks are cut off one after the other; with the release of the last one it begins anew.
alignas(kAlignment) char reserve[kReserveSize];
size_t used_size = 0;
size_t block_count = 0;

void* take_from_reserve(size_t size) {
  if (size > kReserveSize - used_size) return nullptr;
  void* block = reserve + used_size;
  used_size += (size + kAlignment - 1) / kAlignment * kAlignment;
  ++block_count;
  return block;
}

bool is_of_reserve(const void* block) { return block >= reserve && block < reserve + kReserveSize; }

}  // namespace

void* allocate(size_t size) {
  if (void* block = std::malloc(size)) return block;
  fail(Failure::OutOfMemory);
  return take_from_reserve(size);
}

void release(void* block) {
  if (!is_of_reserve(block)) return std::free(block);
  if (--block_count == 0) used_size = 0;
}

bool is_low() { return block_count != 0; }

}  // namespace proxy::memory

void* operator new(size_t size) {
  if (void* block = proxy::memory::allocate(size == 0 ? 1 : size)) return block;
  proxy::panic("out of memory, and the reserve is used up");
}

// For what can do without: null when there is no memory. The callback has failed all the same.
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return proxy::memory::allocate(size == 0 ? 1 : size);
}

void operator delete(void* block) noexcept { proxy::memory::release(block); }
void operator delete(void* block, size_t) noexcept { proxy::memory::release(block); }

// What libc++ calls where it would throw (a string too long, a bad index). Its own version prints
// with stdio, which would add 20 KB.
void std::__1::__libcpp_verbose_abort(const char* format, ...) noexcept { proxy::panic(format); }

// What is called in place of a function that no class defines. libc++abi's own prints with stdio,
// too.
extern "C" void __cxa_pure_virtual() { proxy::panic("a function was called that nobody defines"); }
