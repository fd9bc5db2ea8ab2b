// What data from JavaScript is checked against before its bytes are read.
#pragma once

#include "arguments.h"

#include <c10/core/ScalarType.h>

namespace litorch {

struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};

// lib/ lets only typed arrays over plain ArrayBuffers through.
Bytes typedArrayBytes(napi_env env, napi_value value);

at::ScalarType scalarType(int64_t code);

// That a tensor of these sizes has as many bytes; checked, since the memory is not libtorch's.
void checkLength(const std::vector<int64_t>& sizes, at::ScalarType type, size_t length);

// The tensor's elements in row-major order, converted to the dtype. On any thread.
void copyBytes(const at::Tensor& tensor, const Bytes& target, at::ScalarType type);

}  // namespace litorch
