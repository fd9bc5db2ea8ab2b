// Which tensors the jobs of an asynchronous queue use that have not ended.
//
// While a job runs, its environment's thread goes on, and may come to the same tensors. What that must not do is an
// error that says so, and not a race: use what a job writes, change what a job reads, touch gradients that a job
// accumulates.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/flat_hash_map.h>

#include <vector>

namespace litorch {

// A tensor in use, and its storage, which the job may exchange. Holds both.
struct Use {
  explicit Use(const at::Tensor& tensor) : tensor(tensor) {
    if (tensor.has_storage()) storage = tensor.storage();
  }

  at::Tensor tensor;
  c10::Storage storage;
};

// What one job uses, until it has ended.
struct Claim {
  std::vector<Use> read;
  std::vector<Use> written;
  // Leaves whose gradients are accumulated.
  std::vector<Use> leaves;
  bool isBackward = false;
};

class TensorUses {
 public:
  void add(const Claim& claim);
  void remove(const Claim& claim);
  bool empty() const { return claims_ == 0; }

  // Each throws c10::Error where a job comes in the way.
  void checkUse(const at::Tensor& tensor) const;
  void checkWrite(const at::Tensor& tensor) const;
  void checkGradient(const at::Tensor& tensor) const;
  // Whether a job accumulates its gradient.
  bool accumulates(const at::Tensor& leaf) const { return leaves_.count(leaf.unsafeGetTensorImpl()) > 0; }

 private:
  // How many jobs use a tensor or a storage, by address.
  using Counts = ska::flat_hash_map<const void*, size_t>;

  static void change(Counts& counts, const std::vector<Use>& uses, bool add);
  static bool has(const Counts& counts, const at::Tensor& tensor);

  Counts read_;
  Counts written_;
  Counts leaves_;
  size_t claims_ = 0;
  size_t backwards_ = 0;
};

}  // namespace litorch
