#include "sharedBlock.h"

#include <ATen/ATen.h>

namespace litorch {
namespace {

// What a storage has for its memory.
struct Hold {
  SharedOwner block;
  // From another storage, whose buffers are not this one's.
  bool borrowed;
};
void deleteHold(void* context) { delete static_cast<Hold*>(context); }

const Hold* holdOf(const at::DataPtr& data) {
  return data.get_deleter() == &deleteHold ? static_cast<const Hold*>(data.get_context()) : nullptr;
}

at::DataPtr heldData(void* data, SharedOwner block, bool borrowed, at::Device device) {
  auto hold = std::make_unique<Hold>(Hold{std::move(block), borrowed});
  return {data, hold.release(), &deleteHold, device};
}

SharedOwner rootOfData(const at::DataPtr& data) {
  const Hold* hold = holdOf(data);
  if (hold == nullptr || hold->borrowed) return hold == nullptr ? nullptr : hold->block;
  SharedOwner lent = rootOfData(hold->block->original);
  return lent ? lent : hold->block;
}

struct ArrayMemory {
  std::function<void()> release;
};
void releaseArray(void* context) {
  const std::unique_ptr<ArrayMemory> memory(static_cast<ArrayMemory*>(context));
  memory->release();
}

bool isArrayData(const at::DataPtr& data) {
  if (data.get_deleter() == &releaseArray) return true;
  const Hold* hold = holdOf(data);
  return hold != nullptr && !hold->borrowed && isArrayData(hold->block->original);
}

}  // namespace

SharedOwner ownerOf(const at::Tensor& tensor) {
  c10::StorageImpl* storage = tensor.storage().unsafeGetStorageImpl();
  // Memory that is shared lazily is given its own copy before others see it.
  void* data = storage->mutable_data();
  const at::DataPtr& current = storage->data_ptr();
  const Hold* hold = holdOf(current);
  if (hold != nullptr && !hold->borrowed) return hold->block;
  auto block = std::make_shared<SharedBlock>();
  block->bytes = storage->nbytes();
  at::DataPtr held = heldData(data, block, false, current.device());
  block->original = storage->set_data_ptr(std::move(held));
  storage->set_resizable(false);
  return block;
}

SharedOwner rootOf(const c10::StorageImpl& storage) { return rootOfData(storage.data_ptr()); }

c10::Storage borrow(SharedOwner block) {
  void* data = block->original.mutable_get();
  const at::Device device = block->original.device();
  const size_t bytes = block->bytes;
  return {c10::Storage::use_byte_size_t(), bytes, heldData(data, std::move(block), true, device), nullptr, false};
}

at::Tensor tensorOverArray(void* data, at::IntArrayRef sizes, at::ScalarType type, std::function<void()> release) {
  auto memory = std::make_unique<ArrayMemory>(ArrayMemory{std::move(release)});
  return at::for_blob(data, sizes)
      .context(memory.release(), &releaseArray)
      .options(at::TensorOptions().dtype(type).device(at::kCPU))
      .make_tensor();
}

bool isArrayMemory(const c10::StorageImpl& storage) { return isArrayData(storage.data_ptr()); }

}  // namespace litorch
