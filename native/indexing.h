// Indices as JavaScript passes them. See lib/indexing/encode.ts.
#pragma once

#include "arguments.h"

#include <ATen/TensorIndexing.h>

#include <vector>

namespace litorch {

// The indices whose codes begin with argument `first`.
std::vector<at::indexing::TensorIndex> readIndices(Arguments& arguments, size_t first);
// The value that is assigned: a tensor, or a number as a tensor that autograd does not see.
at::Tensor readValue(Arguments& arguments, const at::Tensor& self, size_t position, size_t isTensor);

}  // namespace litorch
