// Kernels in the place of libtorch's where libtorch's own leave their memory, and the operator is called too often for
// a look at its arguments in JavaScript (lib/ops/guards.ts). Each is registered for the one sort of tensor whose kernel
// is at fault, so that no other call pays for it. Found in libtorch 2.13.
#include "faults.h"

#include "integerDivision.h"

#include <ATen/ATen.h>
#include <ATen/ops/_efficientzerotensor_native.h>
#include <ATen/ops/_empty_affine_quantized_native.h>
#include <ATen/ops/_empty_per_channel_affine_quantized_native.h>
#include <ATen/ops/_pdist_backward_native.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_native.h>
#include <ATen/ops/add_native.h>
#include <ATen/ops/arange_native.h>
#include <ATen/ops/cat_native.h>
#include <ATen/ops/empty_native.h>
#include <ATen/ops/index_select_native.h>
#include <ATen/ops/max_pool3d_with_indices_backward_native.h>
#include <ATen/ops/median_native.h>
#include <ATen/ops/mkldnn_linear_native.h>
#include <ATen/ops/nanmedian_native.h>
#include <ATen/ops/repeat_interleave_native.h>
#include <ATen/ops/select_native.h>
#include <ATen/ops/zero_native.h>
#include <c10/util/Exception.h>
#include <torch/library.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

namespace litorch {
namespace {

// Adding a sparse tensor to a dense one, libtorch adds the result's offset in its storage once more: with an offset,
// it writes beside the result. So such a result is written by a copy.
at::Tensor& addSparse(const at::Tensor& self, const at::Tensor& other, const at::Scalar& alpha, at::Tensor& out) {
  if (self.layout() != at::kStrided || out.layout() != at::kStrided || out.storage_offset() == 0) {
    return at::native::add_out_sparse_cpu(self, other, alpha, out);
  }
  at::Tensor sum = at::empty(out.sizes(), out.options());
  if (out.is_same(self)) {
    sum.copy_(self);
    at::add_out(sum, sum, other, alpha);
  } else {
    at::add_out(sum, self, other, alpha);
  }
  return out.resize_as_(sum).copy_(sum);
}

// Where the elements of a row are one and the same, libtorch reads on from it as if they lay one after the other; and
// it gives a result its size before it reads, the input's too where both are one.
at::Tensor readable(const at::Tensor& self, int64_t dim, const at::Tensor& values, const at::Tensor& indices) {
  if (self.is_same(values) || self.is_same(indices)) return self.clone();
  if (self.dim() == 0) return self;
  dim = at::maybe_wrap_dim(dim, self.dim());
  return self.stride(dim) == 0 && self.size(dim) > 1 ? self.contiguous() : self;
}

std::tuple<at::Tensor&, at::Tensor&> median(const at::Tensor& self, int64_t dim, bool keepdim, at::Tensor& values,
                                            at::Tensor& indices) {
  return at::native::median_out_cpu(readable(self, dim, values, indices), dim, keepdim, values, indices);
}

std::tuple<at::Tensor&, at::Tensor&> nanmedian(const at::Tensor& self, int64_t dim, bool keepdim, at::Tensor& values,
                                               at::Tensor& indices) {
  return at::native::nanmedian_out_cpu(readable(self, dim, values, indices), dim, keepdim, values, indices);
}

// The view would say that it is quantized and have no quantizer, which whoever reads it takes from beyond its end.
at::Tensor viewQuantized(const at::Tensor& self, at::ScalarType dtype) {
  TORCH_CHECK(false, "view(): a quantized tensor (", self.scalar_type(), ") cannot be viewed as ", dtype,
              ": use int_repr() for its integers");
}

// The bytes of a quantized tensor are counted in 64 bits, and far too many come to few.
void checkQuantizedSize(c10::IntArrayRef size) {
  int64_t room = int64_t{1} << 47;
  if (std::find(size.begin(), size.end(), 0) != size.end()) return;
  for (const int64_t length : size) {
    TORCH_CHECK(length <= room, "a quantized tensor of the sizes ", size, " is larger than any memory");
    room /= std::max<int64_t>(1, length);
  }
}

at::Tensor emptyQuantized(c10::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout> layout,
                          std::optional<at::Device> device, std::optional<bool> pinned, double scale, int64_t zeroPoint,
                          std::optional<at::MemoryFormat> format) {
  checkQuantizedSize(size);
  return at::native::empty_affine_quantized(size, dtype, layout, device, pinned, scale, zeroPoint, format);
}

at::Tensor emptyQuantizedChannels(c10::IntArrayRef size, const at::Tensor& scales, const at::Tensor& zeroPoints,
                                  int64_t axis, std::optional<at::ScalarType> dtype, std::optional<at::Layout> layout,
                                  std::optional<at::Device> device, std::optional<bool> pinned,
                                  std::optional<at::MemoryFormat> format) {
  checkQuantizedSize(size);
  return at::native::empty_per_channel_affine_quantized(size, scales, zeroPoints, axis, dtype, layout, device, pinned,
                                                        format);
}

// libtorch takes the sizes of the weight's matrix from its first two dimensions, however many there are.
at::Tensor linearMkldnn(const at::Tensor& self, const at::Tensor& weight, const std::optional<at::Tensor>& bias) {
  TORCH_CHECK(self.dim() > 0 && weight.dim() == 2 && self.size(-1) == weight.size(1),
              "linear(): the weight must have 2 dimensions, the second as long as the last of the input, not ",
              weight.sizes(), " for an input of ", self.sizes());
  TORCH_CHECK(!bias.has_value() || !bias->defined() || bias->numel() == weight.size(0), "linear(): the bias must have ",
              weight.size(0), " elements");
  return at::native::mkldnn_linear(self, weight, bias);
}

// Values are read by the number of the keys.
std::tuple<at::Tensor, at::Tensor> flashAttention(const at::Tensor& query, const at::Tensor& key,
                                                  const at::Tensor& value, double dropout, bool isCausal,
                                                  const std::optional<at::Tensor>& mask, std::optional<double> scale) {
  TORCH_CHECK(key.dim() == 4 && value.dim() == 4 && key.sizes().slice(0, 3) == value.sizes().slice(0, 3),
              "scaled_dot_product_attention: there must be a value for each key, not sizes ", value.sizes(), " for ",
              key.sizes());
  return at::native::_scaled_dot_product_flash_attention_cpu(query, key, value, dropout, isCausal, mask, scale);
}

// Elements of less than a byte have no addresses, and a view of some of them is read from the wrong place.
at::Tensor catQuantized(const at::ITensorListRef& tensors, int64_t dim) {
  for (const at::Tensor& tensor : tensors) {
    TORCH_CHECK_NOT_IMPLEMENTED(tensor.scalar_type() != at::kQUInt4x2 && tensor.scalar_type() != at::kQUInt2x4,
                                "cat() of ", tensor.scalar_type(), " is not implemented");
  }
  return at::native::cat_quantized_cpu(tensors, dim);
}

void checkWholeBytes(const at::Tensor& self) {
  TORCH_CHECK_NOT_IMPLEMENTED(self.scalar_type() != at::kQUInt4x2 && self.scalar_type() != at::kQUInt2x4,
                              "index_select() of ", self.scalar_type(), " is not implemented");
}

at::Tensor indexSelectQuantized(const at::Tensor& self, int64_t dim, const at::Tensor& index) {
  checkWholeBytes(self);
  return at::native::index_select_quantized_cpu_(self, dim, index);
}

at::Tensor& indexSelectQuantizedOut(const at::Tensor& self, int64_t dim, const at::Tensor& index, at::Tensor& out) {
  checkWholeBytes(self);
  return at::native::index_select_out_cpu_(self, dim, index, out);
}

// oneDNN divides by the sizes.
at::Tensor transposeMkldnn(const at::Tensor& self, int64_t first, int64_t second) {
  if (self.numel() == 0) return self.to_dense().transpose(first, second).contiguous().to_mkldnn();
  first = at::maybe_wrap_dim(first, self.dim());
  second = at::maybe_wrap_dim(second, self.dim());
  return first == second ? self.alias() : at::_mkldnn_transpose(self, first, second);
}

// A tensor of zeros has no memory, and whoever writes a result to it resizes it and copies what it had.
at::Tensor zerosWithoutMemory(c10::IntArrayRef size, std::optional<at::ScalarType> dtype,
                              std::optional<at::Layout> layout, std::optional<at::Device> device,
                              std::optional<bool> pinned) {
  at::Tensor zeros = at::native::_efficientzerotensor(size, dtype, layout, device, pinned);
  zeros.storage().unsafeGetStorageImpl()->set_resizable(false);
  return zeros;
}

// libtorch writes float32 to any tensor of oneDNN's.
at::Tensor& zeroMkldnn(at::Tensor& self) {
  TORCH_CHECK(self.scalar_type() == at::kFloat, "zero_(): a tensor of oneDNN's layout must be of Float, not ",
              self.scalar_type());
  return at::native::mkldnn_zero_(self);
}

// A dimension counted from the end, libtorch takes as it is for a place among the sizes.
at::Tensor selectNested(const at::Tensor& self, int64_t dim, int64_t index) {
  return at::native::select_nested(self, at::maybe_wrap_dim(dim, self.dim()), index);
}

// libtorch leaves the row pointers of an empty matrix unwritten, and the check of indices then follows them.
at::Tensor emptyCompressed(c10::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout> layout,
                           std::optional<at::Device> device, std::optional<bool> pinned,
                           std::optional<at::MemoryFormat> format) {
  const at::Layout kind = layout.value_or(at::kSparseCsr);
  const bool isNegative = std::any_of(size.begin(), size.end(), [](int64_t length) { return length < 0; });
  if ((kind != at::kSparseCsr && kind != at::kSparseCsc) || size.size() < 2 || isNegative) {
    return at::native::empty_sparse_compressed(size, dtype, layout, device, pinned, format);
  }
  std::vector<int64_t> pointers(size.begin(), size.end() - 2);
  std::vector<int64_t> elements = pointers;
  pointers.push_back(size[size.size() - (kind == at::kSparseCsr ? 2 : 1)] + 1);
  elements.push_back(0);
  const at::TensorOptions indices = at::TensorOptions().dtype(at::kLong).device(device).pinned_memory(pinned);
  return at::_sparse_compressed_tensor_unsafe(at::zeros(pointers, indices), at::empty(elements, indices),
                                              at::empty(elements, indices.dtype(dtype)), size,
                                              indices.dtype(dtype).layout(kind));
}

// Of a window that lies wholly in the padding, libtorch's index points beyond the input, and backward writes there.
void checkPoolIndices(const at::Tensor& input, const at::Tensor& indices) {
  if (indices.numel() == 0 || input.dim() < 3) return;
  const int64_t elements = input.size(-1) * input.size(-2) * input.size(-3);
  const auto [least, most] = indices.aminmax();
  TORCH_CHECK(least.item<int64_t>() >= 0 && most.item<int64_t>() < elements,
              "max_pool3d: there is no gradient where a window lies wholly outside the input, in the padding");
}

at::Tensor maxPool3dBackward(const at::Tensor& gradient, const at::Tensor& self, c10::IntArrayRef kernel,
                             c10::IntArrayRef stride, c10::IntArrayRef padding, c10::IntArrayRef dilation, bool ceil,
                             const at::Tensor& indices) {
  checkPoolIndices(self, indices);
  return at::native::max_pool3d_with_indices_backward_cpu(gradient, self, kernel, stride, padding, dilation, ceil,
                                                          indices);
}

at::Tensor& maxPool3dBackwardOut(const at::Tensor& gradient, const at::Tensor& self, c10::IntArrayRef kernel,
                                 c10::IntArrayRef stride, c10::IntArrayRef padding, c10::IntArrayRef dilation,
                                 bool ceil, const at::Tensor& indices, at::Tensor& out) {
  checkPoolIndices(self, indices);
  return at::native::max_pool3d_with_indices_backward_out_cpu(gradient, self, kernel, stride, padding, dilation, ceil,
                                                              indices, out);
}

// Of no rows at all, libtorch's loop over pairs of rows never ends.
at::Tensor pdistBackward(const at::Tensor& gradient, const at::Tensor& self, double p, const at::Tensor& distances) {
  if (self.size(0) == 0) return at::zeros_like(self);
  return at::native::_pdist_backward(gradient, self, p, distances);
}

// Given the result's size, libtorch writes the places before it has seen that some number is negative; and where the
// sum of the numbers wraps around, it writes beyond the end.
at::Tensor repeatInterleave(const at::Tensor& repeats, std::optional<int64_t> size) {
  if (repeats.numel() != 0 && at::isIntegralType(repeats.scalar_type(), false)) {
    const auto [least, most] = repeats.aminmax();
    TORCH_CHECK(least.item<int64_t>() >= 0, "repeats can not be negative");
    TORCH_CHECK(most.item<int64_t>() <= std::numeric_limits<int64_t>::max() / repeats.numel(),
                "repeats add up to more than an integer holds");
  }
  return at::native::repeat_interleave_cpu(repeats, size);
}

// Downward by one over half of all integers, the count wraps around to the least, and is divided by -1.
at::Tensor& arangeOut(const at::Scalar& start, const at::Scalar& end, const at::Scalar& step, at::Tensor& out) {
  const bool isIntegral = start.isIntegral(false) && end.isIntegral(false) && step.isIntegral(false);
  if (isIntegral && step.to<int64_t>() == -1) {
    const uint64_t distance = static_cast<uint64_t>(start.to<int64_t>()) - static_cast<uint64_t>(end.to<int64_t>());
    TORCH_CHECK(distance != uint64_t{1} << 63, "arange(): more elements than any memory holds");
  }
  return at::native::arange_out(start, end, step, out);
}

class Silence : public c10::WarningHandler {
 public:
  void process(const c10::Warning&) override {}
};

// Reads the memory of tensors that have none of their own, or another type than they say.
void refuse(const c10::OperatorHandle& op, c10::DispatchKeySet, torch::jit::Stack*) {
  TORCH_CHECK_NOT_IMPLEMENTED(false, op.operator_name(), " takes dense tensors that are not quantized");
}

// A library that is never freed: at the end of the process the dispatcher may be gone already.
torch::Library& extend(c10::DispatchKey key) {
  return *new torch::Library(torch::Library::IMPL, "aten", key, __FILE__, static_cast<uint32_t>(__LINE__));
}

void registerKernels() {
  // That a kernel is replaced is no news to the user.
  Silence silence;
  c10::WarningUtils::WarningHandlerGuard guard(&silence);
  extend(c10::DispatchKey::SparseCPU).impl("add.out", addSparse);
  torch::Library& dense = extend(c10::DispatchKey::CPU);
  dense.impl("_efficientzerotensor", zerosWithoutMemory);
  dense.impl("_pdist_backward", pdistBackward);
  dense.impl("_scaled_dot_product_flash_attention_for_cpu", flashAttention);
  dense.impl("arange.start_out", arangeOut);
  dense.impl("max_pool3d_with_indices_backward", maxPool3dBackward);
  dense.impl("max_pool3d_with_indices_backward.grad_input", maxPool3dBackwardOut);
  dense.impl("median.dim_values", median);
  dense.impl("nanmedian.dim_values", nanmedian);
  dense.impl("repeat_interleave.Tensor", repeatInterleave);
  extend(c10::DispatchKey::SparseCsrCPU).impl("empty.memory_format", emptyCompressed);
  torch::Library& quantized = extend(c10::DispatchKey::QuantizedCPU);
  quantized.impl("_empty_affine_quantized", emptyQuantized);
  quantized.impl("_empty_per_channel_affine_quantized", emptyQuantizedChannels);
  quantized.impl("view.dtype", viewQuantized);
  quantized.impl("cat", catQuantized);
  quantized.impl("index_select", indexSelectQuantized);
  quantized.impl("index_select.out", indexSelectQuantizedOut);
  extend(c10::DispatchKey::NestedTensorCPU).impl("select.int", selectNested);
  torch::Library& mkldnn = extend(c10::DispatchKey::MkldnnCPU);
  mkldnn.impl("transpose.int", transposeMkldnn);
  mkldnn.impl("mkldnn_linear", linearMkldnn);
  mkldnn.impl("zero_", zeroMkldnn);
  for (const c10::DispatchKey key : {c10::DispatchKey::MkldnnCPU, c10::DispatchKey::QuantizedCPU,
                                     c10::DispatchKey::SparseCPU, c10::DispatchKey::SparseCsrCPU}) {
    torch::Library& others = extend(key);
    for (const char* name : {"scatter_add", "scatter_add_", "scatter_add.out"}) {
      others.impl(name, torch::CppFunction::makeFromBoxedFunction<&refuse>());
    }
  }
  replaceIntegerDivision();
}

}  // namespace

void replaceFaultyKernels() {
  static std::once_flag once;
  std::call_once(once, registerKernels);
}

}  // namespace litorch
