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

#include "foreign.h"

#include <ATen/core/Tensor.h>
#include <c10/util/flat_hash_map.h>

#include <chrono>
#include <cstdint>
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

struct MemoryStats {
  int64_t tensors = 0;
  int64_t bytes = 0;
  int64_t peakBytes = 0;
  int64_t sweeps = 0;
  int64_t swept = 0;
  double sweepMilliseconds = 0;
};

class HandleTable {
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

  // A storage's bytes that the collector knows from an ArrayBuffer already are not reported to it twice.
  void countElsewhere(c10::StorageImpl* storage, bool elsewhere);

  // Scopes: what is made inside one and not kept is released when it closes.
  size_t openScope();
  void closeScope(size_t depth, const std::vector<double>& survivors);
  void keep(double handle);

  // Frees what the collector has taken. `thorough` looks at old slots too.
  size_t sweep(bool thorough);
  // As a thorough sweep, and leaves nothing for later.
  size_t collect();
  void clear();
  MemoryStats stats() const;
  // A function that collects the young generation.
  void setCollector(napi_value function);

  void setObserver(HandleObserver* observer) { observer_ = observer; }
  // The observer is told of the next use.
  void watch(double handle);

  ForeignMemory foreign;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Slot {
    at::Tensor tensor;
    napi_ref object = nullptr;
    c10::StorageImpl* storage = nullptr;
    int64_t ownBytes = 0;  // of its storage, while nothing shares that
    uint32_t generation = 0;
    uint32_t scope = 0;  // 0: outside all scopes or kept
    // Neighbours in the list of the slot's age.
    uint32_t previous = kNone;
    uint32_t next = kNone;
    uint8_t survived = 0;
    bool old = false;
    bool ownsStorage = false;  // and so has no entry for it in byStorage_
    bool isKnown = false;      // in byTensor_
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
    bool elsewhere = false;
  };

  const Slot* find(double handle) const;
  // The live object that stands for a tensor, or nullptr.
  napi_value existing(const at::Tensor& tensor);
  double handleOf(uint32_t slot) const;
  uint32_t take(at::Tensor tensor);
  bool attachTo(Slot& slot, napi_value object);
  void free(uint32_t slot);
  at::Tensor empty(uint32_t slot);
  void enterTensors();
  void enterStorages();
  void count(Slot& slot);
  void uncount(Slot& slot);
  void report();
  void afterCreation();
  void collectYoung();
  void sweepAfterCollection();
  bool isGone(napi_ref reference) const;
  void plantYoungCanary();
  void plantOldCanary();
  void link(uint32_t slot, bool old);
  void unlink(uint32_t slot);
  size_t sweepList(List& list);

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
  std::vector<std::vector<double>> scopes_;
  napi_ref youngCanary_ = nullptr;
  napi_ref oldCanary_ = nullptr;
  uint32_t oldCanaryAge_ = 0;
  uint32_t madeSinceCheck_ = 0;
  int64_t bytesSinceCheck_ = 0;
  int64_t unreported_ = 0;
  napi_ref collector_ = nullptr;
  HandleObserver* observer_ = nullptr;
  int64_t bytesSinceCollection_ = 0;
  int64_t collectAt_;
  std::chrono::steady_clock::time_point lastCollection_;
  MemoryStats stats_;
};

}  // namespace litorch
