// A CPU allocator that keeps large blocks for reuse.
#pragma once

namespace litorch {

// Makes it libtorch's CPU allocator, once in a process.
//
// Garbage-collected tensors are freed in batches and not in the order in which they were made. Under the C library's
// heap this fragments (large aligned blocks do not fit the holes that their likes leave), and giving each block back to
// the system costs a page fault for every 4 KiB of the next one, which takes several times as long as filling it.
// So blocks of a mebibyte and more come from the system directly and are kept, up to a limit, for the next of the size.
void installAllocator();

// Gives the blocks that are kept back to the system.
void releaseCachedBlocks();

}  // namespace litorch
