// Memory of a storage that others may keep: ArrayBuffers over it, and tensors of other threads.
//
// A storage belongs to one thread, since what it says of its memory may change there at any time. So each thread that
// a tensor is shared with has a storage of its own, and what they share is the block.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

namespace litorch {

struct Export;

// Owned by whoever comes last. Even a storage that is given other memory later leaves the block where it is.
struct SharedBlock {
  at::DataPtr original;
  size_t bytes = 0;
  // The ArrayBuffer that stands for it now, on the thread of the storage that it was made of.
  Export* current = nullptr;
  // Whether it is for other threads too; written on that thread, before they hear of it.
  bool betweenThreads = false;
};
using SharedOwner = std::shared_ptr<SharedBlock>;

// The block of the storage's own memory, made where there is none yet. A storage that grew would take its elements
// elsewhere, away from the others: from now on it keeps its size.
SharedOwner ownerOf(const at::Tensor& tensor);

// The block that the storage's memory comes from, be it another thread's; empty where there is none.
SharedOwner rootOf(const c10::StorageImpl& storage);

// A new storage over a block of another one.
c10::Storage borrow(SharedOwner block);

// Memory of a typed array, which ends with its thread: a tensor over it, and `release` is called at its end.
at::Tensor tensorOverArray(void* data, at::IntArrayRef sizes, at::ScalarType type, std::function<void()> release);
bool isArrayMemory(const c10::StorageImpl& storage);

}  // namespace litorch
