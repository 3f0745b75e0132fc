// The VM's memory when it runs out.
//
// A block is held in reserve. The allocation that fails gives the reserve back, tries once more and
// marks the callback as failed (failure.h), so that the callback ends in order, in the fail mode.
// Before the next callback the reserve is taken again; while that is impossible, `is_low` tells,
// and filters should drop what they keep. Only when memory is gone even without the reserve does
// the VM trap: an `operator new` has no way to return without memory.
#pragma once

#include <cstddef>

namespace proxy::memory {

/// Large enough for what one callback may need: 64 KiB of headers and their copies.
inline constexpr size_t kReserveSize = 256 * 1024;

/// `size` bytes, or null; gives the reserve back when it must. The result is freed with `free`.
void* allocate(size_t size);

/// Takes the reserve (again) if it is not held; returns whether it is held now.
bool hold_reserve();

/// Whether the reserve is gone.
bool is_low();

}  // namespace proxy::memory
