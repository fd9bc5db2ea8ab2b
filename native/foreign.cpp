#include "foreign.h"

#include "handles.h"

#include <c10/core/CPUAllocator.h>

#include <cstring>

namespace litorch {
namespace {

[[noreturn]] void refuse() {
  throw StaleHandle("the memory that the tensor shared with a typed array has been transferred away");
}

}  // namespace

void ForeignMemory::add(const at::Tensor& tensor, napi_value buffer) {
  purge();
  Block block{c10::weak_intrusive_ptr<c10::StorageImpl>(tensor.storage().getWeakStorageImpl()), nullptr, false};
  napi_create_reference(env_, buffer, 0, &block.buffer);
  blocks_.insert_or_assign(tensor.storage().unsafeGetStorageImpl(), std::move(block));
}

void ForeignMemory::forget(const at::Tensor& tensor) {
  const auto found = blocks_.find(tensor.storage().unsafeGetStorageImpl());
  if (found == blocks_.end()) return;
  napi_delete_reference(env_, found->second.buffer);
  blocks_.erase(found);
}

void ForeignMemory::purge() {
  if (blocks_.size() < purgeAt_) return;
  for (auto entry = blocks_.begin(); entry != blocks_.end();) {
    if (entry->second.storage.expired()) {
      napi_delete_reference(env_, entry->second.buffer);
      entry = blocks_.erase(entry);
    } else {
      ++entry;
    }
  }
  purgeAt_ = std::max<size_t>(64, 2 * blocks_.size());
}

void ForeignMemory::check(Block& block) {
  if (block.lost) return;
  napi_value buffer = nullptr;
  bool detached = true;
  napi_get_reference_value(env_, block.buffer, &buffer);
  if (buffer != nullptr) napi_is_detached_arraybuffer(env_, buffer, &detached);
  if (!detached) return;
  const auto storage = block.storage.lock();
  if (!storage) return;
  // Whatever still refers to the storage (views, a graph, a sparse tensor) finds zeros.
  at::DataPtr fresh = c10::GetCPUAllocator()->allocate(storage->nbytes());
  std::memset(fresh.mutable_get(), 0, storage->nbytes());
  storage->set_data_ptr_noswap(std::move(fresh));
  block.lost = true;
}

void ForeignMemory::check(const at::Tensor& tensor) {
  if (!tensor.has_storage() || tensor.layout() != at::kStrided) {
    checkAll();
    return;
  }
  const auto found = blocks_.find(tensor.storage().unsafeGetStorageImpl());
  if (found == blocks_.end()) return;
  check(found->second);
  if (found->second.lost) refuse();
}

void ForeignMemory::checkAll() {
  bool newlyLost = false;
  for (auto& [storage, block] : blocks_) {
    if (block.lost || block.storage.expired()) continue;
    check(block);
    newlyLost = newlyLost || block.lost;
  }
  if (newlyLost) refuse();
}

napi_value ForeignMemory::bufferOf(const at::Tensor& tensor) const {
  const auto found = blocks_.find(tensor.storage().unsafeGetStorageImpl());
  napi_value buffer = nullptr;
  if (found != blocks_.end() && !found->second.lost) napi_get_reference_value(env_, found->second.buffer, &buffer);
  return buffer;
}

std::vector<napi_value> ForeignMemory::buffers() const {
  std::vector<napi_value> buffers;
  for (const auto& [storage, block] : blocks_) {
    napi_value buffer = nullptr;
    if (!block.lost && !block.storage.expired()) napi_get_reference_value(env_, block.buffer, &buffer);
    if (buffer != nullptr) buffers.push_back(buffer);
  }
  return buffers;
}

}  // namespace litorch
