// Tensors on their way from one thread to another.
//
// Of all that is native only this is of the whole process: a table of tensors, each under a number that travels in a
// message. Whoever has the number takes the tensor out. A tensor stays as long as receivers are awaited, until it is
// revoked, or until the thread that shared it is ended.
#pragma once

#include "sharedBlock.h"

#include <c10/util/flat_hash_map.h>

#include <mutex>
#include <random>
#include <vector>

namespace litorch {

// What a tensor is; never written once it is in the table.
struct SharedTensor {
  SharedOwner block;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
  int64_t offset;
  at::ScalarType dtype;
  bool requiresGrad;
  bool isConj;
  bool isNeg;
};

struct SharedStats {
  int64_t tensors = 0;
  // Of their storages, each counted once.
  int64_t bytes = 0;
  // Those whose thread has ended.
  int64_t orphans = 0;
};

class SharedTable {
 public:
  using Entry = std::shared_ptr<const SharedTensor>;
  // Who shared it: the address means nothing but itself.
  using Owner = const void*;

  // Tensors may outlive every environment, so it is never destroyed.
  static SharedTable& instance();

  // `receivers`: how often each can be taken; 0 for any number.
  std::vector<double> add(std::vector<Entry> tensors, uint32_t receivers, Owner owner);
  // Throws where one is not there.
  std::vector<Entry> find(const std::vector<double>& ids);
  // Counts a receiver for each, or throws where one is no longer there and counts none.
  void take(const std::vector<double>& ids);
  size_t revoke(const std::vector<double>& ids);
  // The owner's thread ends by itself: what has so many receivers waits for them.
  void leave(Owner owner);
  // The owner's thread has ended.
  void end(Owner owner);
  SharedStats stats();

 private:
  struct Place {
    Entry tensor;
    uint32_t receivers;
    Owner owner;
  };

  using Places = ska::flat_hash_map<uint64_t, Place>;

  SharedTable();
  Places::iterator locate(double id);
  // Throws where there is none.
  Place& at(double id);

  std::mutex mutex_;
  std::mt19937_64 random_;
  Places places_;
};

// A thread's side of it: its storages by the blocks that they share, so that a block has one storage on a thread.
class SharedStorages {
 public:
  SharedStorages() = default;
  ~SharedStorages() { SharedTable::instance().end(this); }
  SharedStorages(const SharedStorages&) = delete;
  SharedStorages& operator=(const SharedStorages&) = delete;

  // The block of a storage of this thread, for others.
  SharedOwner lend(const at::Tensor& tensor);
  // A tensor of this thread over another's memory.
  at::Tensor make(const SharedTensor& shared);

 private:
  void remember(const SharedOwner& block, const c10::Storage& storage);

  ska::flat_hash_map<SharedBlock*, c10::weak_intrusive_ptr<c10::StorageImpl>> storages_;
  size_t purgeAt_ = 64;
};

}  // namespace litorch
