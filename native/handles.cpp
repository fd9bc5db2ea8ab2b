#include "handles.h"

#include <ATen/DeviceAccelerator.h>

#include <algorithm>
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
constexpr int64_t kSmall = 4096;
// A tensor that outlives this many sweeps is old, and looked at after full collections only.
constexpr uint32_t kOldAge = 3;
// After so many its object is in the collector's old generation.
constexpr uint32_t kPromotedAge = 2;
// The handles that a scope has collected are looked through from this many on, for those of tensors that still live.
constexpr size_t kTidyScope = 1024;

constexpr const char* kStale = "the tensor has been disposed, or is not a tensor of this thread";

bool deviceOrder(c10::Device a, c10::Device b) {
  return std::make_pair(a.type(), a.index()) < std::make_pair(b.type(), b.index());
}

}  // namespace

// Each table starts its generations elsewhere, so that a handle of one thread means nothing in the table of another.
HandleTable::HandleTable(napi_env env)
    : foreign(env),
      env_(env),
      firstGeneration_(1 + std::random_device()() % (kGenerationLimit / 2)),
      devices_(deviceOrder) {
  scopes_.emplace_back();
}

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
  if (slot == nullptr) [[unlikely]]
    throwStale(handle);
  if (!foreign.empty()) [[unlikely]]
    foreign.check(slot->tensor);
  if (uses != nullptr) [[unlikely]]
    uses->checkUse(slot->tensor);
  if (slot->watched) [[unlikely]] {
    const_cast<Slot*>(slot)->watched = false;
    observer_->used(handle);
  }
  return slot->tensor;
}

void HandleTable::throwStale(double handle) const {
  throw StaleHandle(debug_ == nullptr ? kStale : kStale + debug_->whereFreed(handle));
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
  slot.scope = kOutside;
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
  if (isWatchingCreation_) [[unlikely]]
    created(index);
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

// As much of a storage's bytes as the allocator counts, where it has made them.
int64_t allocatedPart(bool isAllocated, int64_t bytes) {
  return isAllocated && bytes > static_cast<int64_t>(kUncounted) ? bytes : 0;
}

}  // namespace

void HandleTable::addBytes(const Slot& slot, int64_t tensors, int64_t bytes) {
  if (!slot.device.is_cpu() && devices_.empty()) [[unlikely]]
    devices_[c10::Device(c10::DeviceType::CPU)] = stats_;
  stats_.add(tensors, bytes);
  if (!devices_.empty()) [[unlikely]]
    devices_[slot.device].add(tensors, bytes);
}

// A storage shared by several slots counts once, from the first slot to the last.
void HandleTable::count(Slot& slot) {
  int64_t bytes = kTensorOverhead;
  slot.device = slot.tensor.device();
  slot.storage = slot.tensor.has_storage() ? slot.tensor.storage().unsafeGetStorageImpl() : nullptr;
  if (slot.storage != nullptr) {
    const auto found = slot.ownsStorage ? byStorage_.end() : byStorage_.find(slot.storage);
    if (found != byStorage_.end()) {
      found->second.slots++;
    } else {
      const size_t size = memoryOf(*slot.storage);
      const bool isAllocated = slot.storage->device_type() == c10::DeviceType::CPU;
      if (slot.ownsStorage) {
        slot.ownBytes = static_cast<int64_t>(size);
        slot.ownsAllocated = isAllocated;
      } else {
        byStorage_.emplace(
            slot.storage,
            StorageUse{c10::weak_intrusive_ptr<c10::StorageImpl>(slot.tensor.storage().getWeakStorageImpl()), 1, size,
                       isAllocated});
      }
      bytes += static_cast<int64_t>(size);
      pressure_.add(allocatedPart(isAllocated, static_cast<int64_t>(size)));
    }
  }
  addBytes(slot, 1, bytes);
  bytesSinceCheck_ += bytes;
  unreported_ += bytes;
}

void HandleTable::uncount(Slot& slot) {
  int64_t bytes = kTensorOverhead;
  if (slot.ownsStorage) {
    bytes += slot.ownBytes;
    pressure_.add(-allocatedPart(slot.ownsAllocated, slot.ownBytes));
    slot.ownBytes = 0;
  } else if (slot.storage != nullptr) {
    auto found = byStorage_.find(slot.storage);
    if (found != byStorage_.end() && --found->second.slots == 0) {
      const auto size = static_cast<int64_t>(found->second.bytes);
      bytes += size;
      if (found->second.elsewhere) unreported_ += size;
      pressure_.add(-allocatedPart(found->second.isAllocated, size));
      byStorage_.erase(found);
    }
  }
  slot.storage = nullptr;
  addBytes(slot, -1, -bytes);
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
    pressure_.add(allocatedPart(use.isAllocated, static_cast<int64_t>(size)) -
                  allocatedPart(use.isAllocated, static_cast<int64_t>(use.bytes)));
    use.bytes = size;
    addBytes(slot, 0, change);
    if (change > 0) bytesSinceCheck_ += change;
    if (!use.elsewhere) unreported_ += change;
  }
  afterCreation();
}

void HandleTable::countElsewhere(c10::StorageImpl* storage, bool elsewhere, bool foreign) {
  enterStorages();
  const auto found = byStorage_.find(storage);
  if (found == byStorage_.end() || found->second.elsewhere == elsewhere) return;
  found->second.elsewhere = elsewhere;
  const auto bytes = static_cast<int64_t>(found->second.bytes);
  if (foreign) {
    pressure_.add(-allocatedPart(found->second.isAllocated, bytes));
    found->second.isAllocated = false;
  }
  unreported_ += elsewhere ? -bytes : bytes;
}

// Only where the collector could not be called. V8 would collect everything whenever some 64 MiB more are held than
// after the last time, be they in use or not: several times in each step of a training loop.
void HandleTable::report() {
  int64_t total;
  const int64_t change = unreported_;
  unreported_ = 0;
  napi_adjust_external_memory(env_, change, &total);
}

at::Tensor HandleTable::empty(uint32_t index, End end) {
  Slot& slot = slots_[index];
  if (debug_ != nullptr) [[unlikely]] {
    if (end == End::Unknown) {
      debug_->forget(handleOf(index));
    } else {
      debug_->freed(handleOf(index), std::exchange(slot.object, nullptr), end == End::Scope);
    }
  }
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
void HandleTable::free(uint32_t index, End end) { empty(index, end); }

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
  free(static_cast<uint32_t>(slot - slots_.data()), End::Disposed);
  return true;
}

void HandleTable::created(uint32_t index) {
  if (const uint32_t scope = runningScope(); scope != kOutside) addTo(scope, index);
  if (debug_ != nullptr) debug_->made(handleOf(index));
}

uint32_t HandleTable::runningScope() {
  if (!entered_.empty()) return entered_.back();
  if (detachedScopes_ == 0 || scopeFinder_ == nullptr) return kOutside;
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value function;
  napi_value receiver;
  napi_value result = nullptr;
  double number = kOutside;
  napi_get_reference_value(env_, scopeFinder_, &function);
  napi_get_undefined(env_, &receiver);
  // It fails where the thread is about to end.
  if (napi_call_function(env_, receiver, function, 0, nullptr, &result) == napi_ok) {
    napi_get_value_double(env_, result, &number);
  }
  napi_close_handle_scope(env_, scope);
  const auto found = number >= 0 && number < static_cast<double>(scopes_.size()) ? static_cast<uint32_t>(number) : 0;
  return scopes_[found].open ? found : kOutside;
}

void HandleTable::addTo(uint32_t number, uint32_t index) {
  Scope& scope = scopes_[number];
  slots_[index].scope = number;
  scope.made.push_back(handleOf(index));
  if (scope.made.size() > scope.tidyAt) tidyUp(scope);
}

void HandleTable::tidyUp(Scope& scope) {
  const auto number = static_cast<uint32_t>(&scope - scopes_.data());
  const auto isOver = [&](double handle) {
    const Slot* slot = find(handle);
    return slot == nullptr || slot->scope != number;
  };
  scope.made.erase(std::remove_if(scope.made.begin(), scope.made.end(), isOver), scope.made.end());
  scope.tidyAt = std::max(kTidyScope, 2 * scope.made.size());
}

uint32_t HandleTable::openScope(bool detached) {
  const uint32_t outer = runningScope();
  uint32_t number;
  if (freeScopes_.empty()) {
    number = static_cast<uint32_t>(scopes_.size());
    scopes_.emplace_back();
  } else {
    number = freeScopes_.back();
    freeScopes_.pop_back();
  }
  Scope& scope = scopes_[number];
  scope.tidyAt = kTidyScope;
  scope.swept = 0;
  scope.outer = outer;
  scope.open = true;
  scope.detached = detached;
  if (detached) {
    detachedScopes_++;
  } else {
    entered_.push_back(number);
  }
  watchCreation();
  return number;
}

HandleTable::Scope* HandleTable::openOne(uint32_t number) {
  return number < scopes_.size() && scopes_[number].open ? &scopes_[number] : nullptr;
}

void HandleTable::detachScope(uint32_t number) {
  Scope* scope = openOne(number);
  if (scope == nullptr || scope->detached) return;
  leaveScope(number);
  scope->detached = true;
  detachedScopes_++;
  watchCreation();
}

void HandleTable::enterScope(uint32_t number) {
  if (openOne(number) == nullptr) return;
  entered_.push_back(number);
  watchCreation();
}

void HandleTable::leaveScope(uint32_t number) {
  const auto found = std::find(entered_.rbegin(), entered_.rend(), number);
  if (found == entered_.rend()) return;
  entered_.erase(std::next(found).base(), entered_.end());
  watchCreation();
}

// It takes no more tensors; those that were opened in it and go on are from now on in the one that it was in.
void HandleTable::endScope(uint32_t number) {
  leaveScope(number);
  Scope& scope = scopes_[number];
  scope.open = false;
  if (scope.detached) detachedScopes_--;
  if (detachedScopes_ > 0) {
    for (Scope& inner : scopes_) {
      if (inner.open && inner.outer == number) inner.outer = scope.outer;
    }
  }
  watchCreation();
}

void HandleTable::closeScope(uint32_t number, const std::vector<double>& survivors) {
  if (openOne(number) == nullptr) return;
  endScope(number);
  Scope& scope = scopes_[number];
  stats_.sweptInScopes += scope.swept;
  for (const double handle : survivors) {
    const Slot* slot = find(handle);
    if (slot == nullptr || slot->scope != number) continue;
    const auto index = static_cast<uint32_t>(slot - slots_.data());
    slots_[index].scope = kOutside;
    if (scope.outer != kOutside) addTo(scope.outer, index);
  }
  for (const double handle : scope.made) {
    const Slot* slot = find(handle);
    if (slot != nullptr && slot->scope == number) free(static_cast<uint32_t>(slot - slots_.data()), End::Scope);
  }
  scope.made.clear();
  if (scope.made.capacity() > kTidyScope) scope.made.shrink_to_fit();
  freeScopes_.push_back(number);
}

void HandleTable::dissolveScope(uint32_t number) {
  if (openOne(number) == nullptr) return;
  endScope(number);
  Scope& scope = scopes_[number];
  for (const double handle : scope.made) {
    const Slot* slot = find(handle);
    if (slot != nullptr && slot->scope == number) slots_[slot - slots_.data()].scope = kOutside;
  }
  scope.made = {};
  freeScopes_.push_back(number);
}

void HandleTable::handOver(uint32_t number, const std::vector<double>& handles) {
  const uint32_t running = runningScope();
  if (running == number) return;
  for (const double handle : handles) {
    const Slot* slot = find(handle);
    if (slot == nullptr || slot->scope != number || number == kOutside) continue;
    const auto index = static_cast<uint32_t>(slot - slots_.data());
    slots_[index].scope = kOutside;
    if (running != kOutside) addTo(running, index);
  }
}

void HandleTable::keep(double handle) {
  auto* slot = const_cast<Slot*>(find(handle));
  if (slot == nullptr) throwStale(handle);
  slot->scope = kOutside;
}

void HandleTable::setScopeFinder(napi_value function) {
  if (scopeFinder_ != nullptr) napi_delete_reference(env_, scopeFinder_);
  napi_create_reference(env_, function, 1, &scopeFinder_);
}

void HandleTable::setDebug(napi_value stack) {
  debug_ = stack == nullptr ? nullptr : std::make_unique<MemoryDebug>(env_, stack);
  watchCreation();
}

napi_value HandleTable::live() {
  napi_value array;
  napi_create_array(env_, &array);
  uint32_t count = 0;
  for (uint32_t index = 0; index < slots_.size(); index++) {
    const Slot& slot = slots_[index];
    napi_value object = nullptr;
    if (!slot.tensor.defined() || slot.object == nullptr) continue;
    napi_get_reference_value(env_, slot.object, &object);
    if (object == nullptr) continue;
    const std::string made = debug_ == nullptr ? std::string() : debug_->whereMade(handleOf(index));
    napi_value place;
    napi_create_string_utf8(env_, made.data(), made.size(), &place);
    napi_set_element(env_, array, count++, object);
    napi_set_element(env_, array, count++, place);
  }
  return array;
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

namespace {

// What the allocators of all devices hold, beyond what `known` says of the tensors there.
int64_t unseenOnDevices(int64_t known) {
  int64_t total = 0;
  try {
    const auto count = at::accelerator::deviceCount();
    for (c10::DeviceIndex i = 0; i < count; i++) {
      total += at::accelerator::getDeviceStats(i).allocated_bytes[0].current;
    }
  } catch (const std::exception&) {
    // A device without such figures.
    return 0;
  }
  return std::max<int64_t>(0, total - known);
}

}  // namespace

int64_t HandleTable::held() const {
  int64_t held = stats_.bytes + pressure_.unseen();
  if (!devices_.empty()) [[unlikely]] {
    int64_t known = 0;
    for (const auto& [device, memory] : devices_) {
      if (device.is_cuda()) known += memory.bytes - memory.tensors * kTensorOverhead;
    }
    if (known > 0) held += unseenOnDevices(known);
  }
  return held;
}

void HandleTable::afterCreation() {
  if (++madeSinceCheck_ < kCheckEveryTensors && bytesSinceCheck_ < kCheckEveryBytes && allocatedBytes() < lookAt_) {
    return;
  }
  madeSinceCheck_ = 0;
  bytesSinceCheck_ = 0;
  lookAt_ = allocatedBytes() + kCheckEveryBytes;
  const int64_t now = held();
  policy_.see(now);
  if (youngCanary_ == nullptr) {
    plantYoungCanary();
    plantOldCanary();
    return;
  }
  if (!isGone(youngCanary_)) {
    if (collector_ == nullptr || !policy_.isYoungDue(now)) return;
    // Best before the next operator, whose arguments are all that still needs an object by then. What does not come
    // from operators finds that it has been due since the last look.
    if (std::exchange(isDue_, true)) collectDue();
    return;
  }
  sweepAfterCollection();
}

void HandleTable::setCollector(napi_value function) {
  if (collector_ != nullptr) napi_delete_reference(env_, collector_);
  napi_create_reference(env_, function, 1, &collector_);
}

bool HandleTable::callCollector(bool full) {
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value function;
  napi_value receiver;
  napi_value argument;
  napi_get_reference_value(env_, collector_, &function);
  napi_get_undefined(env_, &receiver);
  napi_get_boolean(env_, full, &argument);
  const bool collected = napi_call_function(env_, receiver, function, 1, &argument, nullptr) == napi_ok;
  napi_close_handle_scope(env_, scope);
  if (collected) return true;
  napi_value error;
  napi_get_and_clear_last_exception(env_, &error);
  report();
  return false;
}

void HandleTable::collectDue() {
  isDue_ = false;
  int64_t start = threadTime();
  const int64_t before = held();
  const int64_t grown = policy_.grown(before);
  if (callCollector(false) && isGone(youngCanary_)) sweepAfterCollection();
  const int64_t left = held();
  policy_.youngDone(grown, before - left, start);
  if (!policy_.isFullDue(left)) return;
  start = threadTime();
  callCollector(true);
  sweep(true);
  plantOldCanary();
  plantYoungCanary();
  policy_.fullDone(left, held(), start);
}

void HandleTable::reclaim() {
  if (isReclaiming_ || collector_ == nullptr) return;
  isReclaiming_ = true;
  callCollector(true);
  collect();
  isReclaiming_ = false;
}

void HandleTable::sweepAfterCollection() {
  bool full = false;
  if (oldCanaryAge_ >= kOldAge) {
    full = isGone(oldCanary_);
  } else if (++oldCanaryAge_ == kOldAge) {
    uint32_t count;
    napi_reference_unref(env_, oldCanary_, &count);
  }
  sweep(full);
  if (full) {
    plantOldCanary();
    policy_.fullDone(held());
  }
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

// What the tensor holds, a shared storage in equal parts.
int64_t HandleTable::bytesOf(const Slot& slot) const {
  if (slot.ownsStorage) return slot.ownBytes;
  const auto found = slot.storage == nullptr ? byStorage_.end() : byStorage_.find(slot.storage);
  return found == byStorage_.end() ? 0 : static_cast<int64_t>(found->second.bytes / found->second.slots);
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
      if (slot.scope != kOutside) scopes_[slot.scope].swept++;
      at::Tensor tensor = empty(index);
      if (isSmall) dying_.push_back(std::move(tensor));
      freed++;
    } else if (!slot.old) {
      if (++slot.survived == kPromotedAge) policy_.promoted(bytesOf(slot));
      if (slot.survived >= kOldAge) {
        unlink(index);
        link(index, true);
      }
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
  if (debug_ != nullptr) debug_->swept();
  // What is left after a collection is what the collector has yet to find elsewhere; the rest comes and goes.
  const int64_t left = held();
  policy_.left(left);
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
  debug_.reset();
  scopes_.resize(1);
  freeScopes_.clear();
  entered_.clear();
  detachedScopes_ = 0;
  watchCreation();
}

MemoryStats HandleTable::stats() const {
  MemoryStats stats = stats_;
  stats.unseenBytes = pressure_.unseen();
  if (devices_.empty()) stats.devices["cpu"] = stats;
  for (const auto& [device, memory] : devices_) stats.devices[device.str()] = memory;
  return stats;
}

}  // namespace litorch
