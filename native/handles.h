// The handle table: tensors by number, JavaScript objects by weak reference.
//
// A JavaScript Tensor holds a handle, a number made of a slot and the slot's generation. The slot owns the tensor and a
// weak reference to the JavaScript object. Once the garbage collector has taken the object, the reference gives
// nothing at once, without a finalizer and without a turn of the event loop, and a sweep frees the slot. So memory
// stays flat inside synchronous code too.
//
// A sweep is worth its cost only after a collection, so two canaries watch for one: an object of the young generation
// that nothing holds (gone after any collection) and an old one (gone after a full collection).
#pragma once

#include "allocator.h"
#include "asyncUses.h"
#include "collectionPolicy.h"
#include "foreign.h"
#include "memoryDebug.h"
#include "pressure.h"

#include <ATen/core/Tensor.h>
#include <c10/util/flat_hash_map.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include <node_api.h>

namespace litorch {

// A handle that names no live tensor: disposed, forged, or of another thread.
class StaleHandle : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Who must know when tensors are used again, and when dead ones have been looked for. See callbacks.h.
class HandleObserver {
 public:
  virtual ~HandleObserver() = default;
  virtual void used(double handle) = 0;
  // Whether it must see what dead tensors have led to as soon as they have been found.
  virtual bool isWaiting() const = 0;
  virtual void swept() = 0;
};

struct DeviceMemory {
  int64_t tensors = 0;
  int64_t bytes = 0;
  int64_t peakBytes = 0;

  void add(int64_t moreTensors, int64_t moreBytes) {
    tensors += moreTensors;
    bytes += moreBytes;
    if (bytes > peakBytes) peakBytes = bytes;
  }
};

struct MemoryStats : DeviceMemory {
  int64_t unseenBytes = 0;
  int64_t sweeps = 0;
  int64_t swept = 0;
  int64_t sweptInScopes = 0;
  double sweepMilliseconds = 0;
  std::map<std::string, DeviceMemory> devices;
};

class HandleTable final : public Reclaimer {
 public:
  explicit HandleTable(napi_env env);
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;

  // Throws StaleHandle.
  const at::Tensor& get(double handle);
  bool isLive(double handle) const;
  // As get, without being a use; nullptr for a stale handle.
  const at::Tensor* peek(double handle) const;

  // A tensor on its way to JavaScript: the live object that stands for it already, or a handle, for which an object is
  // to be made and attached; 0 for an undefined tensor.
  napi_value expose(at::Tensor tensor);
  // As expose, and attaches `object` to a new handle.
  napi_value expose(at::Tensor tensor, napi_value object);
  void attach(double handle, napi_value object);
  // Frees the slot at once. Nothing happens where the handle is stale: disposing twice is allowed.
  bool release(double handle);

  // After an operator that can give a tensor another storage, or a storage another size (`out`, resize_, set_).
  void recount(const at::Tensor& tensor);

  // A storage's bytes that the collector knows from an ArrayBuffer already are not reported to it twice. `foreign`:
  // they are not of libtorch's allocator.
  void countElsewhere(c10::StorageImpl* storage, bool elsewhere, bool foreign = false);

  // Scopes: what is made inside one and not kept is released when it closes. A scope is a number until then.
  //
  // Those that are entered form a stack, as calls do. A detached one is entered for a time only: that of an
  // asynchronous function, or of a generator, which others run in between. Where no scope is entered, a function of
  // JavaScript's says which one the running asynchronous function is in.
  uint32_t openScope(bool detached);
  // Makes a scope that was entered when it was opened a detached one.
  void detachScope(uint32_t scope);
  void enterScope(uint32_t scope);
  void leaveScope(uint32_t scope);
  // The survivors belong to the scope that it was opened in.
  void closeScope(uint32_t scope, const std::vector<double>& survivors);
  // The tensors of `scope` among these belong to the scope that is running.
  void handOver(uint32_t scope, const std::vector<double>& handles);
  // Ends a scope that nobody will close, and leaves its tensors to the collector.
  void dissolveScope(uint32_t scope);
  void keep(double handle);
  void setScopeFinder(napi_value function);

  // Before an operator runs, when its arguments have been read and held: garbage is collected if that is due.
  void beforeCall() {
    if (isDue_) [[unlikely]]
      collectDue();
  }

  // Frees what the collector has taken. `thorough` looks at old slots too.
  size_t sweep(bool thorough);
  // As a thorough sweep, and leaves nothing for later.
  size_t collect();
  void clear();
  MemoryStats stats() const;
  // A function that collects the young generation, or everything where its argument is true.
  void setCollector(napi_value function);
  // From the midst of libtorch, where there is no memory. Whoever lets this be called holds the tensors that it uses.
  void reclaim() override;

  // Remembers where tensors are made and freed; nullptr forgets it all. `stack` says where JavaScript is.
  void setDebug(napi_value stack);
  // Of each live tensor its object and where it was made (an empty string where that is not known).
  napi_value live();

  void setObserver(HandleObserver* observer) { observer_ = observer; }
  // The observer is told of the next use.
  void watch(double handle);

  // Throws where an asynchronous job reads the tensor that is to be written.
  void checkWrite(const at::Tensor& tensor) const {
    if (uses != nullptr) [[unlikely]]
      uses->checkWrite(tensor);
  }

  ForeignMemory foreign;
  // What asynchronous jobs use; nullptr while there are none.
  const TensorUses* uses = nullptr;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  // The number of no scope: outside all of them, or kept.
  static constexpr uint32_t kOutside = 0;

  struct Slot {
    at::Tensor tensor;
    napi_ref object = nullptr;
    c10::StorageImpl* storage = nullptr;
    int64_t ownBytes = 0;  // of its storage, while nothing shares that
    uint32_t generation = 0;
    uint32_t scope = kOutside;
    // Neighbours in the list of the slot's age.
    uint32_t previous = kNone;
    uint32_t next = kNone;
    uint8_t survived = 0;
    bool old = false;
    bool ownsStorage = false;  // and so has no entry for it in byStorage_
    bool ownsAllocated = false;
    c10::Device device = c10::Device(c10::DeviceType::CPU);
    bool isKnown = false;  // in byTensor_
    bool watched = false;
    // In newStorages_ and newTensors_.
    bool storageQueued = false;
    bool tensorQueued = false;
  };
  struct List {
    uint32_t first = kNone;
    uint32_t last = kNone;
  };
  struct StorageUse {
    c10::weak_intrusive_ptr<c10::StorageImpl> storage;
    uint32_t slots;
    size_t bytes;
    // In libtorch's allocator.
    bool isAllocated;
    bool elsewhere = false;
  };
  struct Scope {
    std::vector<double> made;
    // Tensors that the collector has taken are let go of beyond so many.
    size_t tidyAt = 0;
    // How many of its tensors the collector has taken.
    int64_t swept = 0;
    uint32_t outer = kOutside;
    bool open = false;
    bool detached = false;
  };

  const Slot* find(double handle) const;
  // The live object that stands for a tensor, or nullptr.
  napi_value existing(const at::Tensor& tensor);
  double handleOf(uint32_t slot) const;
  uint32_t take(at::Tensor tensor);
  bool attachTo(Slot& slot, napi_value object);
  [[noreturn]] void throwStale(double handle) const;
  // Why a slot is emptied: only what somebody still has an object for is worth remembering.
  enum class End { Unknown, Disposed, Scope };
  void free(uint32_t slot, End end = End::Unknown);
  at::Tensor empty(uint32_t slot, End end = End::Unknown);
  void enterTensors();
  void enterStorages();
  void count(Slot& slot);
  void uncount(Slot& slot);
  int64_t bytesOf(const Slot& slot) const;
  void addBytes(const Slot& slot, int64_t tensors, int64_t bytes);
  void report();
  void afterCreation();
  void collectDue();
  // What a collection may free a part of.
  int64_t held() const;
  bool callCollector(bool full);
  void sweepAfterCollection();
  bool isGone(napi_ref reference) const;
  void plantYoungCanary();
  void plantOldCanary();
  void link(uint32_t slot, bool old);
  void unlink(uint32_t slot);
  size_t sweepList(List& list);
  // What is only looked for now and then, in a single look.
  void watchCreation() { isWatchingCreation_ = !entered_.empty() || detachedScopes_ > 0 || debug_ != nullptr; }
  void created(uint32_t slot);
  uint32_t runningScope();
  Scope* openOne(uint32_t scope);
  void endScope(uint32_t scope);
  void addTo(uint32_t scope, uint32_t slot);
  void tidyUp(Scope& scope);

  const napi_env env_;
  const uint32_t firstGeneration_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  List young_;
  List old_;
  // Small tensors that a sweep has found dead. They go one by one as others are made, which so find at hand the memory
  // that they need: the C library handles a flood of blocks badly.
  std::vector<at::Tensor> dying_;
  // New tensors, and storages that one slot has to itself, are entered in the maps only when somebody looks for a
  // tensor or a storage there: most die before.
  std::vector<uint32_t> newTensors_;
  std::vector<uint32_t> newStorages_;
  ska::flat_hash_map<c10::TensorImpl*, uint32_t> byTensor_;
  ska::flat_hash_map<c10::StorageImpl*, StorageUse> byStorage_;
  bool isWatchingCreation_ = false;
  std::vector<Scope> scopes_;  // by number, from 1 on
  std::vector<uint32_t> freeScopes_;
  std::vector<uint32_t> entered_;
  uint32_t detachedScopes_ = 0;
  napi_ref scopeFinder_ = nullptr;
  std::unique_ptr<MemoryDebug> debug_;
  napi_ref youngCanary_ = nullptr;
  napi_ref oldCanary_ = nullptr;
  uint32_t oldCanaryAge_ = 0;
  uint32_t madeSinceCheck_ = 0;
  int64_t bytesSinceCheck_ = 0;
  int64_t unreported_ = 0;
  napi_ref collector_ = nullptr;
  HandleObserver* observer_ = nullptr;
  Pressure pressure_;
  // The next look comes once libtorch has so much memory.
  int64_t lookAt_ = 0;
  CollectionPolicy policy_;
  // Whether garbage is to be collected before the next operator.
  bool isDue_ = false;
  bool isReclaiming_ = false;
  MemoryStats stats_;
  // Empty while all tensors are on the CPU.
  std::map<c10::Device, DeviceMemory, bool (*)(c10::Device, c10::Device)> devices_;
};

}  // namespace litorch
