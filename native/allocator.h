// A CPU allocator that keeps large blocks for reuse.
#pragma once

#include <cstddef>
#include <cstdint>

namespace litorch {

// Makes it libtorch's CPU allocator, once in a process.
//
// Garbage-collected tensors are freed in batches and not in the order in which they were made. Under the C library's
// heap this fragments (large aligned blocks do not fit the holes that their likes leave), and giving each block back to
// the system costs a page fault for every 4 KiB of the next one, which takes several times as long as filling it.
// So blocks of 64 KiB and more come from the system directly and are kept, up to a limit, for the next of the size.
void installAllocator();

// Gives the blocks that are kept back to the system.
void releaseCachedBlocks();

// Blocks up to this size are not counted: there it would cost as much as the block.
constexpr size_t kUncounted = 2048;
// Bytes of the blocks in use that are larger, on all threads.
int64_t allocatedBytes();

// Who can free memory where an allocation has failed.
class Reclaimer {
 public:
  virtual ~Reclaimer() = default;
  virtual void reclaim() = 0;
};

// Asked by allocations on the thread that has set it; nullptr for nobody. Gives the one before.
Reclaimer* setReclaimer(Reclaimer* reclaimer);

}  // namespace litorch
