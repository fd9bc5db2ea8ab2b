#include "sharedTable.h"

#include <ATen/ATen.h>

#include <cmath>
#include <unordered_set>

namespace litorch {
namespace {

// Numbers that JavaScript holds exactly, too many to guess.
constexpr uint64_t kIds = uint64_t{1} << 53;

}  // namespace

SharedTable::SharedTable() : random_((uint64_t{std::random_device()()} << 32) | std::random_device()()) {}

SharedTable& SharedTable::instance() {
  static auto* table = new SharedTable();
  return *table;
}

std::vector<double> SharedTable::add(std::vector<Entry> tensors, uint32_t receivers, Owner owner) {
  std::vector<double> ids;
  ids.reserve(tensors.size());
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& tensor : tensors) {
    uint64_t id = 0;
    while (id == 0 || places_.count(id) > 0) id = random_() % kIds;
    places_.emplace(id, Place{std::move(tensor), receivers, owner});
    ids.push_back(static_cast<double>(id));
  }
  return ids;
}

SharedTable::Places::iterator SharedTable::locate(double id) {
  const bool isId = id >= 1 && id < static_cast<double>(kIds) && id == std::floor(id);
  return isId ? places_.find(static_cast<uint64_t>(id)) : places_.end();
}

SharedTable::Place& SharedTable::at(double id) {
  const auto found = locate(id);
  TORCH_CHECK(
      found != places_.end(),
      "receive(): there is no such shared tensor: it has been received as often as it was shared for, it has been "
      "revoked, or the thread that shared it has been ended");
  return found->second;
}

std::vector<SharedTable::Entry> SharedTable::find(const std::vector<double>& ids) {
  std::vector<Entry> found;
  found.reserve(ids.size());
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const double id : ids) found.push_back(at(id).tensor);
  return found;
}

void SharedTable::take(const std::vector<double>& ids) {
  // What is let go here is freed after the lock.
  std::vector<Entry> last;
  last.reserve(ids.size());
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const double id : ids) at(id);
  for (const double id : ids) {
    Place& place = at(id);
    if (place.receivers == 0) continue;
    place.receivers--;
    if (place.receivers > 0) continue;
    last.push_back(std::move(place.tensor));
    places_.erase(static_cast<uint64_t>(id));
  }
}

size_t SharedTable::revoke(const std::vector<double>& ids) {
  std::vector<Entry> last;
  last.reserve(ids.size());
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const double id : ids) {
    const auto found = locate(id);
    if (found == places_.end()) continue;
    last.push_back(std::move(found->second.tensor));
    places_.erase(found);
  }
  return last.size();
}

void SharedTable::leave(Owner owner) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [id, place] : places_) {
    if (place.owner == owner && place.receivers > 0) place.owner = nullptr;
  }
}

void SharedTable::end(Owner owner) {
  std::vector<Entry> last;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto place = places_.begin(); place != places_.end();) {
    if (place->second.owner == owner) {
      last.push_back(std::move(place->second.tensor));
      place = places_.erase(place);
    } else {
      ++place;
    }
  }
}

SharedStats SharedTable::stats() {
  SharedStats stats;
  std::unordered_set<const SharedBlock*> seen;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, place] : places_) {
    stats.tensors++;
    if (place.owner == nullptr) stats.orphans++;
    const SharedBlock* block = place.tensor->block.get();
    if (seen.insert(block).second && block->original.get() != nullptr)
      stats.bytes += static_cast<int64_t>(block->bytes);
  }
  return stats;
}

void SharedStorages::remember(const SharedOwner& block, const c10::Storage& storage) {
  if (storages_.size() >= purgeAt_) {
    for (auto entry = storages_.begin(); entry != storages_.end();) {
      entry = entry->second.expired() ? storages_.erase(entry) : std::next(entry);
    }
    purgeAt_ = std::max<size_t>(64, 2 * storages_.size());
  }
  storages_.insert_or_assign(block.get(), c10::weak_intrusive_ptr<c10::StorageImpl>(storage.getWeakStorageImpl()));
}

SharedOwner SharedStorages::lend(const at::Tensor& tensor) {
  const c10::Storage& storage = tensor.storage();
  SharedOwner block = rootOf(*storage.unsafeGetStorageImpl());
  if (!block) block = ownerOf(tensor);
  if (!block->betweenThreads) {
    block->betweenThreads = true;
    remember(block, storage);
  }
  return block;
}

at::Tensor SharedStorages::make(const SharedTensor& shared) {
  const auto found = storages_.find(shared.block.get());
  c10::Storage storage;
  if (found != storages_.end()) storage = c10::Storage(found->second.lock());
  // A storage that has been given other memory is no longer of the block.
  if (!storage || rootOf(*storage.unsafeGetStorageImpl()) != shared.block) {
    storage = borrow(shared.block);
    remember(shared.block, storage);
  }
  const auto options = at::TensorOptions().dtype(shared.dtype).device(storage.device());
  at::Tensor tensor = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(options.computeDispatchKey()), options.dtype());
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(shared.sizes, shared.strides, shared.offset);
  if (shared.isConj) tensor._set_conj(true);
  if (shared.isNeg) tensor._set_neg(true);
  tensor.set_requires_grad(shared.requiresGrad);
  return tensor;
}

}  // namespace litorch
