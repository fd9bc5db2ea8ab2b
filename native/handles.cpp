#include "handles.h"

#include <chrono>
#include <cmath>
#include <random>

namespace litorch {
namespace {

// A handle is an exact integer below 2^52: 24 bits of slot (16.7 million live tensors), 28 bits of generation.
constexpr int kSlotBits = 24;
constexpr uint32_t kSlotLimit = 1u << kSlotBits;
constexpr uint32_t kGenerationLimit = 1u << 28;
constexpr double kSlotScale = static_cast<double>(kSlotLimit);

// What a tensor costs beyond its elements (TensorImpl, StorageImpl, slot, weak reference), so that many tiny tensors
// are felt by the collector as well.
constexpr int64_t kTensorOverhead = 640;
// Looking at a canary costs tens of nanoseconds: do it every so many tensors or bytes.
constexpr uint32_t kCheckEveryTensors = 64;
constexpr int64_t kCheckEveryBytes = 4 << 20;
// So many new bytes are worth a collection of the young generation: most of them are dead, and still in the cache when
// they are used again. More where that has found little, or has taken long.
constexpr int64_t kCollectEveryBytes = 8 << 20;
constexpr int64_t kCollectSeldom = int64_t{1} << 30;
constexpr int64_t kReportEveryBytes = 1 << 20;
constexpr int64_t kSmall = 4096;
// A tensor that outlives this many sweeps is old, and looked at after full collections only.
constexpr uint32_t kOldAge = 3;

}  // namespace

// Each table starts its generations elsewhere, so that a handle of one thread means nothing in the table of another.
HandleTable::HandleTable(napi_env env)
    : foreign(env),
      env_(env),
      firstGeneration_(1 + std::random_device()() % (kGenerationLimit / 2)),
      collectAt_(kCollectEveryBytes) {}

const HandleTable::Slot* HandleTable::find(double handle) const {
  if (!(handle >= 1 && handle < kSlotScale * kGenerationLimit) || handle != std::floor(handle)) return nullptr;
  const auto bits = static_cast<uint64_t>(handle);
  const auto index = static_cast<uint32_t>(bits & (kSlotLimit - 1));
  const auto generation = static_cast<uint32_t>(bits >> kSlotBits);
  if (index >= slots_.size()) return nullptr;
  const Slot& slot = slots_[index];
  return slot.generation == generation && slot.tensor.defined() ? &slot : nullptr;
}

const at::Tensor& HandleTable::get(double handle) {
  const Slot* slot = find(handle);
  if (slot == nullptr) {
    throw StaleHandle("the tensor has been disposed, or is not a tensor of this thread");
  }
  if (!foreign.empty()) [[unlikely]]
    foreign.check(slot->tensor);
  if (slot->watched) [[unlikely]] {
    const_cast<Slot*>(slot)->watched = false;
    observer_->used(handle);
  }
  return slot->tensor;
}

bool HandleTable::isLive(double handle) const { return find(handle) != nullptr; }

void HandleTable::watch(double handle) {
  if (const Slot* slot = find(handle)) const_cast<Slot*>(slot)->watched = true;
}

const at::Tensor* HandleTable::peek(double handle) const {
  const Slot* slot = find(handle);
  return slot == nullptr ? nullptr : &slot->tensor;
}

double HandleTable::handleOf(uint32_t slot) const {
  return static_cast<double>((static_cast<uint64_t>(slots_[slot].generation) << kSlotBits) | slot);
}

uint32_t HandleTable::take(at::Tensor tensor) {
  uint32_t index;
  if (free_.empty()) {
    if (slots_.size() >= kSlotLimit) throw std::bad_alloc();
    index = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
    slots_.back().generation = firstGeneration_;
  } else {
    index = free_.back();
    free_.pop_back();
  }
  if (!dying_.empty()) dying_.pop_back();
  Slot& slot = slots_[index];
  slot.tensor = std::move(tensor);
  slot.survived = 0;
  slot.scope = 0;
  // Another holder of a tensor may bring it back: it must be found then.
  slot.isKnown = false;
  slot.watched = false;
  if (!slot.tensorQueued) newTensors_.push_back(index);
  slot.tensorQueued = true;
  slot.ownsStorage = slot.tensor.has_storage() && slot.tensor.storage().use_count() == 1;
  if (slot.ownsStorage) {
    if (!slot.storageQueued) newStorages_.push_back(index);
    slot.storageQueued = true;
  } else if (slot.tensor.has_storage()) {
    enterStorages();
  }
  count(slot);
  link(index, false);
  if (!scopes_.empty()) {
    slot.scope = static_cast<uint32_t>(scopes_.size());
    scopes_.back().push_back(handleOf(index));
  }
  return index;
}

void HandleTable::enterTensors() {
  for (const uint32_t index : newTensors_) {
    Slot& slot = slots_[index];
    slot.tensorQueued = false;
    if (!slot.tensor.defined() || slot.isKnown) continue;
    slot.isKnown = true;
    byTensor_[slot.tensor.unsafeGetTensorImpl()] = index;
  }
  newTensors_.clear();
}

void HandleTable::enterStorages() {
  const int64_t bytesSinceCheck = bytesSinceCheck_;
  for (const uint32_t index : newStorages_) {
    Slot& slot = slots_[index];
    slot.storageQueued = false;
    if (!slot.tensor.defined() || !slot.ownsStorage) continue;
    uncount(slot);
    slot.ownsStorage = false;
    count(slot);
  }
  newStorages_.clear();
  bytesSinceCheck_ = bytesSinceCheck;
}

namespace {

// Bytes that a storage takes. One of the device `meta` has a size and no memory, and the size may be any.
size_t memoryOf(const c10::StorageImpl& storage) {
  return storage.data() == nullptr ? 0 : static_cast<size_t>(storage.sym_nbytes().maybe_as_int().value_or(0));
}

}  // namespace

// A storage shared by several slots counts once, from the first slot to the last.
void HandleTable::count(Slot& slot) {
  int64_t bytes = kTensorOverhead;
  slot.storage = slot.tensor.has_storage() ? slot.tensor.storage().unsafeGetStorageImpl() : nullptr;
  if (slot.storage != nullptr) {
    const auto found = slot.ownsStorage ? byStorage_.end() : byStorage_.find(slot.storage);
    if (found != byStorage_.end()) {
      found->second.slots++;
    } else {
      const size_t size = memoryOf(*slot.storage);
      if (slot.ownsStorage) {
        slot.ownBytes = static_cast<int64_t>(size);
      } else {
        byStorage_.emplace(
            slot.storage,
            StorageUse{c10::weak_intrusive_ptr<c10::StorageImpl>(slot.tensor.storage().getWeakStorageImpl()), 1, size});
      }
      bytes += static_cast<int64_t>(size);
    }
  }
  stats_.tensors++;
  stats_.bytes += bytes;
  if (stats_.bytes > stats_.peakBytes) stats_.peakBytes = stats_.bytes;
  bytesSinceCheck_ += bytes;
  unreported_ += bytes;
}

void HandleTable::uncount(Slot& slot) {
  int64_t bytes = kTensorOverhead;
  if (slot.ownsStorage) {
    bytes += slot.ownBytes;
    slot.ownBytes = 0;
  } else if (slot.storage != nullptr) {
    auto found = byStorage_.find(slot.storage);
    if (found != byStorage_.end() && --found->second.slots == 0) {
      bytes += static_cast<int64_t>(found->second.bytes);
      if (found->second.elsewhere) unreported_ += static_cast<int64_t>(found->second.bytes);
      byStorage_.erase(found);
    }
  }
  slot.storage = nullptr;
  stats_.tensors--;
  stats_.bytes -= bytes;
  unreported_ -= bytes;
}

void HandleTable::recount(const at::Tensor& tensor) {
  enterTensors();
  enterStorages();
  const auto found = tensor.defined() ? byTensor_.find(tensor.unsafeGetTensorImpl()) : byTensor_.end();
  if (found == byTensor_.end()) return;
  Slot& slot = slots_[found->second];
  const c10::StorageImpl* now = tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
  if (slot.storage != now) {
    uncount(slot);
    count(slot);
  } else if (now != nullptr) {
    StorageUse& use = byStorage_.find(slot.storage)->second;
    const size_t size = memoryOf(*now);
    const int64_t change = static_cast<int64_t>(size) - static_cast<int64_t>(use.bytes);
    use.bytes = size;
    stats_.bytes += change;
    if (stats_.bytes > stats_.peakBytes) stats_.peakBytes = stats_.bytes;
    if (change > 0) bytesSinceCheck_ += change;
    if (!use.elsewhere) unreported_ += change;
  }
  afterCreation();
}

void HandleTable::countElsewhere(c10::StorageImpl* storage, bool elsewhere) {
  enterStorages();
  const auto found = byStorage_.find(storage);
  if (found == byStorage_.end() || found->second.elsewhere == elsewhere) return;
  found->second.elsewhere = elsewhere;
  const auto bytes = static_cast<int64_t>(found->second.bytes);
  unreported_ += elsewhere ? -bytes : bytes;
  if (std::abs(unreported_) > kReportEveryBytes) report();
}

void HandleTable::report() {
  int64_t total;
  const int64_t change = unreported_;
  unreported_ = 0;
  napi_adjust_external_memory(env_, change, &total);
}

at::Tensor HandleTable::empty(uint32_t index) {
  Slot& slot = slots_[index];
  if (slot.object != nullptr) {
    napi_delete_reference(env_, slot.object);
    slot.object = nullptr;
  }
  if (slot.isKnown) byTensor_.erase(slot.tensor.unsafeGetTensorImpl());
  uncount(slot);
  unlink(index);
  at::Tensor tensor = std::move(slot.tensor);
  slot.tensor = at::Tensor();
  // A slot whose generations are used up is retired, so that no stale handle can ever come to life again.
  if (++slot.generation < kGenerationLimit) free_.push_back(index);
  return tensor;
}

// The tensor's destructor may run arbitrary deleters: it is out of the table by then.
void HandleTable::free(uint32_t index) { empty(index); }

napi_value HandleTable::existing(const at::Tensor& tensor) {
  // A tensor that only this call holds cannot be in the table.
  if (tensor.use_count() == 1) return nullptr;
  enterTensors();
  const auto found = byTensor_.find(tensor.unsafeGetTensorImpl());
  if (found == byTensor_.end()) return nullptr;
  const uint32_t index = found->second;
  // Read into the caller's scope: the object must not be collected on its way.
  napi_value object = nullptr;
  if (slots_[index].object != nullptr) napi_get_reference_value(env_, slots_[index].object, &object);
  if (object == nullptr) free(index);
  return object;
}

napi_value HandleTable::expose(at::Tensor tensor) {
  napi_value result = tensor.defined() ? existing(tensor) : nullptr;
  if (result != nullptr) return result;
  napi_create_double(env_, tensor.defined() ? handleOf(take(std::move(tensor))) : 0, &result);
  return result;
}

napi_value HandleTable::expose(at::Tensor tensor, napi_value object) {
  napi_value result = nullptr;
  if (!tensor.defined()) {
    napi_create_double(env_, 0, &result);
    return result;
  }
  result = existing(tensor);
  if (result != nullptr) return result;
  const uint32_t index = take(std::move(tensor));
  if (!attachTo(slots_[index], object)) {
    free(index);
    return nullptr;
  }
  napi_create_double(env_, handleOf(index), &result);
  return result;
}

bool HandleTable::attachTo(Slot& slot, napi_value object) {
  if (napi_create_reference(env_, object, 0, &slot.object) != napi_ok) return false;
  afterCreation();
  return true;
}

void HandleTable::attach(double handle, napi_value object) {
  auto* slot = const_cast<Slot*>(find(handle));
  if (slot == nullptr || slot->object != nullptr) throw StaleHandle("the handle has an object already");
  attachTo(*slot, object);
}

bool HandleTable::release(double handle) {
  const Slot* slot = find(handle);
  if (slot == nullptr) return false;
  free(static_cast<uint32_t>(slot - slots_.data()));
  if (unreported_ < -kReportEveryBytes) report();
  return true;
}

size_t HandleTable::openScope() {
  scopes_.emplace_back();
  return scopes_.size();
}

void HandleTable::closeScope(size_t depth, const std::vector<double>& survivors) {
  if (depth == 0 || depth > scopes_.size()) return;
  // Scopes opened inside and not closed (a generator that was left, say) end with this one.
  while (scopes_.size() > depth) closeScope(scopes_.size(), {});
  std::vector<double> made = std::move(scopes_.back());
  scopes_.pop_back();
  for (double handle : survivors) {
    auto* slot = const_cast<Slot*>(find(handle));
    if (slot == nullptr || slot->scope != depth) continue;
    // It belongs to the enclosing scope from now on.
    slot->scope = static_cast<uint32_t>(scopes_.size());
    if (!scopes_.empty()) scopes_.back().push_back(handle);
  }
  for (double handle : made) {
    const Slot* slot = find(handle);
    if (slot != nullptr && slot->scope == depth) free(static_cast<uint32_t>(slot - slots_.data()));
  }
  if (std::abs(unreported_) > kReportEveryBytes) report();
}

void HandleTable::keep(double handle) {
  auto* slot = const_cast<Slot*>(find(handle));
  if (slot == nullptr) throw StaleHandle("the tensor has been disposed, or is not a tensor of this thread");
  slot->scope = 0;
}

bool HandleTable::isGone(napi_ref reference) const {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value value = nullptr;
  napi_get_reference_value(env_, reference, &value);
  napi_close_handle_scope(env_, scope);
  return value == nullptr;
}

void HandleTable::plantYoungCanary() {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value object;
  if (youngCanary_ != nullptr) napi_delete_reference(env_, youngCanary_);
  youngCanary_ = nullptr;
  if (napi_create_object(env_, &object) == napi_ok) napi_create_reference(env_, object, 0, &youngCanary_);
  napi_close_handle_scope(env_, scope);
}

void HandleTable::plantOldCanary() {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value object;
  if (oldCanary_ != nullptr) napi_delete_reference(env_, oldCanary_);
  oldCanary_ = nullptr;
  oldCanaryAge_ = 0;
  // Held until it has been through enough collections to have left the young generation.
  if (napi_create_object(env_, &object) == napi_ok) napi_create_reference(env_, object, 1, &oldCanary_);
  napi_close_handle_scope(env_, scope);
}

void HandleTable::afterCreation() {
  if (unreported_ > kReportEveryBytes) report();
  if (++madeSinceCheck_ < kCheckEveryTensors && bytesSinceCheck_ < kCheckEveryBytes) return;
  madeSinceCheck_ = 0;
  bytesSinceCollection_ += bytesSinceCheck_;
  bytesSinceCheck_ = 0;
  if (youngCanary_ == nullptr) {
    plantYoungCanary();
    plantOldCanary();
    return;
  }
  if (!isGone(youngCanary_)) {
    if (bytesSinceCollection_ >= collectAt_ && collector_ != nullptr) collectYoung();
    return;
  }
  sweepAfterCollection();
}

void HandleTable::setCollector(napi_value function) {
  if (collector_ != nullptr) napi_delete_reference(env_, collector_);
  napi_create_reference(env_, function, 1, &collector_);
}

void HandleTable::collectYoung() {
  const auto start = std::chrono::steady_clock::now();
  const int64_t made = bytesSinceCollection_;
  const int64_t before = stats_.bytes;
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value function;
  napi_value receiver;
  napi_get_reference_value(env_, collector_, &function);
  napi_get_undefined(env_, &receiver);
  const bool collected = napi_call_function(env_, receiver, function, 0, nullptr, nullptr) == napi_ok;
  napi_close_handle_scope(env_, scope);
  napi_value error;
  if (!collected) napi_get_and_clear_last_exception(env_, &error);
  if (collected && isGone(youngCanary_)) sweepAfterCollection();
  const auto end = std::chrono::steady_clock::now();
  // A quarter of the time at most: memory in the cache saves more.
  const bool cheap = (end - start) * 4 < end - lastCollection_;
  const int64_t freed = before - stats_.bytes;
  if (cheap && freed >= made / 2) {
    collectAt_ = std::max(kCollectEveryBytes, collectAt_ / 2);
  } else {
    collectAt_ = std::min(kCollectSeldom, collectAt_ * 2);
  }
  lastCollection_ = end;
  bytesSinceCollection_ = 0;
}

void HandleTable::sweepAfterCollection() {
  bytesSinceCollection_ = 0;
  bool full = false;
  if (oldCanaryAge_ >= kOldAge) {
    full = isGone(oldCanary_);
  } else if (++oldCanaryAge_ == kOldAge) {
    uint32_t count;
    napi_reference_unref(env_, oldCanary_, &count);
  }
  sweep(full);
  if (full) plantOldCanary();
  plantYoungCanary();
}

void HandleTable::link(uint32_t index, bool old) {
  List& list = old ? old_ : young_;
  Slot& slot = slots_[index];
  slot.old = old;
  slot.previous = list.last;
  slot.next = kNone;
  (list.last == kNone ? list.first : slots_[list.last].next) = index;
  list.last = index;
}

void HandleTable::unlink(uint32_t index) {
  Slot& slot = slots_[index];
  List& list = slot.old ? old_ : young_;
  (slot.previous == kNone ? list.first : slots_[slot.previous].next) = slot.next;
  (slot.next == kNone ? list.last : slots_[slot.next].previous) = slot.previous;
}

size_t HandleTable::sweepList(List& list) {
  size_t freed = 0;
  for (uint32_t index = list.first; index != kNone;) {
    Slot& slot = slots_[index];
    const uint32_t next = slot.next;
    napi_value value = nullptr;
    // A slot without an object is on its way to JavaScript.
    const bool inUse =
        slot.object == nullptr || (napi_get_reference_value(env_, slot.object, &value), value != nullptr);
    if (!inUse) {
      const bool isSmall =
          slot.ownsStorage && slot.ownBytes <= kSmall && (observer_ == nullptr || !observer_->isWaiting());
      at::Tensor tensor = empty(index);
      if (isSmall) dying_.push_back(std::move(tensor));
      freed++;
    } else if (!slot.old && ++slot.survived >= kOldAge) {
      unlink(index);
      link(index, true);
    }
    index = next;
  }
  return freed;
}

size_t HandleTable::sweep(bool thorough) {
  const auto start = std::chrono::steady_clock::now();
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  dying_.clear();
  // The old first: what the young list hands over has been looked at already.
  size_t freed = thorough ? sweepList(old_) : 0;
  freed += sweepList(young_);
  napi_close_handle_scope(env_, scope);
  stats_.sweeps++;
  stats_.swept += static_cast<int64_t>(freed);
  report();
  if (observer_ != nullptr) observer_->swept();
  stats_.sweepMilliseconds +=
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return freed;
}

size_t HandleTable::collect() {
  const size_t freed = sweep(true);
  dying_.clear();
  return freed;
}

void HandleTable::clear() {
  for (uint32_t index = 0; index < slots_.size(); index++) {
    if (slots_[index].tensor.defined()) free(index);
  }
  dying_.clear();
  scopes_.clear();
}

MemoryStats HandleTable::stats() const { return stats_; }

}  // namespace litorch
