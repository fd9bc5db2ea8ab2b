// Memory of JavaScript's that tensors share.
//
// JavaScript can move the memory of an ArrayBuffer to another one at any time (ArrayBuffer.prototype.transfer, the
// growth of a WebAssembly.Memory), and the garbage collector frees that one while a tensor still points there; Node-API
// has no way to hold the memory itself. But JavaScript runs only between native calls. So each use of a tensor over
// such memory looks first whether its buffer is still whole. Where it is not, the storage gets other memory before
// anything reads it, and the use is an error. Code that calls JavaScript from the midst of an operator must check again
// after it.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/flat_hash_map.h>

#include <vector>

#include <node_api.h>

namespace litorch {

class ForeignMemory {
 public:
  explicit ForeignMemory(napi_env env) : env_(env) {}
  ForeignMemory(const ForeignMemory&) = delete;
  ForeignMemory& operator=(const ForeignMemory&) = delete;

  bool empty() const { return blocks_.empty(); }
  // The tensor's storage is within `buffer`, which something else keeps alive.
  void add(const at::Tensor& tensor, napi_value buffer);
  // The storage has been given memory of its own.
  void forget(const at::Tensor& tensor);
  // Throws StaleHandle where the memory has moved away.
  void check(const at::Tensor& tensor);
  // Every block, for uses that don't name the tensors they read.
  void checkAll();
  // The buffer that the storage is within; nullptr where it is libtorch's own.
  napi_value bufferOf(const at::Tensor& tensor) const;
  // All that are alive.
  std::vector<napi_value> buffers() const;

 private:
  struct Block {
    c10::weak_intrusive_ptr<c10::StorageImpl> storage;
    napi_ref buffer;  // weak
    bool lost;
  };

  void check(Block& block);
  void purge();

  const napi_env env_;
  ska::flat_hash_map<c10::StorageImpl*, Block> blocks_;
  size_t purgeAt_ = 64;
};

}  // namespace litorch
