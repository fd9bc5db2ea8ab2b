#include "asyncUses.h"

#include <c10/util/Exception.h>

namespace litorch {

void TensorUses::change(Counts& counts, const std::vector<Use>& uses, bool add) {
  const auto count = [&](const void* address) {
    if (address == nullptr) return;
    if (add) {
      counts[address]++;
    } else if (const auto found = counts.find(address); --found->second == 0) {
      counts.erase(found);
    }
  };
  for (const Use& use : uses) {
    count(use.tensor.unsafeGetTensorImpl());
    count(use.storage.unsafeGetStorageImpl());
  }
}

void TensorUses::add(const Claim& claim) {
  change(read_, claim.read, true);
  change(written_, claim.written, true);
  change(leaves_, claim.leaves, true);
  claims_++;
  if (claim.isBackward) backwards_++;
}

void TensorUses::remove(const Claim& claim) {
  claims_--;
  if (claim.isBackward) backwards_--;
  change(read_, claim.read, false);
  change(written_, claim.written, false);
  change(leaves_, claim.leaves, false);
}

bool TensorUses::has(const Counts& counts, const at::Tensor& tensor) {
  if (counts.empty() || !tensor.defined()) return false;
  if (counts.count(tensor.unsafeGetTensorImpl()) > 0) return true;
  return tensor.has_storage() && counts.count(tensor.storage().unsafeGetStorageImpl()) > 0;
}

void TensorUses::checkUse(const at::Tensor& tensor) const {
  TORCH_CHECK(!has(written_, tensor),
              "an asynchronous operation that has not ended writes to this tensor: await its promise first");
}

void TensorUses::checkWrite(const at::Tensor& tensor) const {
  checkUse(tensor);
  TORCH_CHECK(!has(read_, tensor) && !has(leaves_, tensor),
              "an asynchronous operation that has not ended reads this tensor: await its promise before changing it");
}

void TensorUses::checkGradient(const at::Tensor& tensor) const {
  if (backwards_ == 0) return;
  TORCH_CHECK(!has(leaves_, tensor) && !tensor.retains_grad(),
              "backwardAsync() has not ended and accumulates this gradient: await its promise first");
}

}  // namespace litorch
