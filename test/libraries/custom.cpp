// A library of operators as users write them, for the test of torch.ops.loadLibrary.
#include <torch/library.h>

#include <ATen/ops/add.h>
#include <ATen/ops/mul.h>

namespace {

// Made of operators that have gradients, so it has one too.
at::Tensor scaledSum(const at::Tensor& a, const at::Tensor& b, double scale) { return at::mul(at::add(a, b), scale); }

at::Tensor doubled(const at::Tensor& a) { return at::mul(a, 2); }

}  // namespace

TORCH_LIBRARY(litorch_test, m) {
  m.def("scaled_sum(Tensor a, Tensor b, *, float scale=1.0) -> Tensor", &scaledSum);
  m.def("doubled(Tensor a) -> Tensor");
  m.def("declared_only(Tensor a) -> Tensor");
}

TORCH_LIBRARY_IMPL(litorch_test, CPU, m) { m.impl("doubled", &doubled); }
