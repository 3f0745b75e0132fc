// The VM's memory when it runs out.
//
// A part is set aside. An allocation that finds nothing else takes from it and marks the callback
// as failed (failure.h), so that the callback ends in order, in the fail mode. When all that was
// taken is released again, the reserve is whole again. Only when the reserve, too, is used up does
// the VM trap: a plain `operator new` has no way to return without memory. So what a callback can
// allocate should have a bound; large blocks should be asked for with `std::nothrow`; and loops
// that can't have a bound should ask `is_low`.
//
// The reserve is not a block to be given back to `malloc`: zig's keeps freed blocks by size class
// and could not use it for another size.
#pragma once

#include <cstddef>

namespace proxy::memory {

/// Enough for what one callback may need: 64 KiB of headers and some copies.
inline constexpr size_t kReserveSize = 256 * 1024;

/// `size` bytes, from the reserve when it must be; null when that is used up.
void* allocate(size_t size);

/// Frees what `allocate` or the host's allocation has given; null is fine.
void release(void* block);

/// Whether something of the reserve is in use. Streams that begin now are turned away.
bool is_low();

}  // namespace proxy::memory
