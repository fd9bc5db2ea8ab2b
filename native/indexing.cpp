// Indexing as Python's: x[...] and x[...] = value, by the functions of ATen that Python's own front end calls, so that
// the operators, their order and their errors are the same.
#include "indexing.h"

#include "functions.h"
#include "values.h"

#include <ATen/TensorIndexing.h>
#include <ATen/ops/lift_fresh.h>
#include <c10/core/DeviceGuard.h>

#include <cmath>

namespace litorch {
namespace {

using at::indexing::TensorIndex;

// How lib/indexing/encode.ts writes an index: a kind, then what the kind needs.
enum Kind { kInteger, kSlice, kNone, kEllipsis, kBoolean, kTensor };

// The codes follow the other arguments, or are one array in their place where they are many.
class Codes {
 public:
  Codes(Arguments& arguments, size_t first) : arguments_(arguments), next_(first) {
    bool isArray = false;
    if (first < arguments.count()) napi_is_array(env(), arguments[first], &isArray);
    if (!isArray) {
      end_ = arguments.count();
      return;
    }
    array_ = arguments[first];
    next_ = 0;
    end_ = arrayLength(env(), array_);
  }

  bool more() const { return next_ < end_; }

  TensorIndex index() {
    switch (toInteger(env(), next())) {
      case kInteger:
        return TensorIndex(c10::SymInt(toInteger(env(), next())));
      case kSlice:
        return slice();
      case kNone:
        return TensorIndex(std::nullopt);
      case kEllipsis:
        return TensorIndex(at::indexing::Ellipsis);
      case kBoolean: {
        bool value;
        if (napi_get_value_bool(env(), next(), &value) != napi_ok) throw ArgumentError("expected a boolean");
        return TensorIndex(value);
      }
      case kTensor:
        return TensorIndex(arguments_.environment.handles.get(toHandle(env(), next())));
      default:
        throw ArgumentError("not an index");
    }
  }

 private:
  napi_env env() const { return arguments_.environment.env; }

  napi_value next() {
    if (next_ >= end_) throw ArgumentError("the index is incomplete");
    const size_t i = next_++;
    return array_ == nullptr ? arguments_[i] : arrayElement(env(), array_, static_cast<uint32_t>(i));
  }

  TensorIndex slice() {
    const std::optional<c10::SymInt> start = bound();
    const std::optional<c10::SymInt> stop = bound();
    const std::optional<c10::SymInt> step = bound();
    return TensorIndex(at::indexing::Slice(start, stop, step));
  }

  std::optional<c10::SymInt> bound() {
    const napi_value value = next();
    if (isNullish(env(), value)) return std::nullopt;
    return c10::SymInt(toInteger(env(), value));
  }

  Arguments& arguments_;
  napi_value array_ = nullptr;
  size_t next_;
  size_t end_ = 0;
};

}  // namespace

std::vector<TensorIndex> readIndices(Arguments& arguments, size_t first) {
  std::vector<TensorIndex> indices;
  for (Codes codes(arguments, first); codes.more();) indices.push_back(codes.index());
  return indices;
}

namespace {

// A number becomes a tensor of the target's dtype on the CPU, which autograd does not see.
at::Tensor numberToTensor(const at::Tensor& self, const at::Scalar& number) {
  const at::AutoDispatchBelowADInplaceOrView guard;
  const bool quantized = at::isQIntType(self.scalar_type());
  const at::TensorOptions options = quantized ? at::TensorOptions().device(at::kCPU).dtype(at::kFloat) : self.options();
  const at::Device device = quantized || self.is_cuda() ? at::Device(at::kCPU) : self.device();
  const at::Tensor tensor = at::indexing::scalarToTensor(number, options, device);
  return device == at::kCPU ? at::lift_fresh(tensor) : tensor;
}

}  // namespace

at::Tensor readValue(Arguments& arguments, const at::Tensor& self, size_t position, size_t isTensor) {
  if (arguments.boolean(isTensor)) return arguments.tensor(position);
  static const ArgumentType scalar = describeType(c10::NumberType::get());
  at::Scalar number = toIValue(arguments.environment, arguments[position], scalar).toScalar();
  // As Python, which reads True as the integer 1.
  if (number.isBoolean()) number = at::Scalar(static_cast<int64_t>(number.toBool()));
  return numberToTensor(self, number);
}

namespace {

void refuseSparse(const at::Tensor& self) {
  TORCH_CHECK_TYPE(self.layout() == at::kStrided || self.is_nested() || self.is_mkldnn(),
                   "Cannot assign to a sparse tensor");
}

}  // namespace

// (handle, object, ...codes): the indexed tensor, attached to `object`.
napi_value getItem(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor self = arguments.tensor(0);
  const std::vector<TensorIndex> indices = readIndices(arguments, 2);
  const c10::OptionalDeviceGuard guard(at::device_of(self));
  return environment.handles.expose(at::indexing::get_item(self, indices), arguments[1]);
}

// (handle, value, whether the value is a tensor, ...codes)
napi_value setItem(Arguments& arguments) {
  const at::Tensor self = arguments.tensor(0);
  arguments.environment.handles.checkWrite(self);
  refuseSparse(self);
  const at::Tensor value = readValue(arguments, self, 1, 2);
  const std::vector<TensorIndex> indices = readIndices(arguments, 3);
  const c10::OptionalDeviceGuard guard(at::device_of(self));
  at::indexing::set_item(self, indices, value);
  return nullptr;
}

// (handle, value, whether the value is a tensor, accumulate, ...codes): index_put_ at what the index selects.
napi_value putItem(Arguments& arguments) {
  const at::Tensor self = arguments.tensor(0);
  arguments.environment.handles.checkWrite(self);
  refuseSparse(self);
  const at::Tensor value = readValue(arguments, self, 1, 2);
  const bool accumulate = arguments.boolean(3);
  const std::vector<TensorIndex> indices = readIndices(arguments, 4);
  const c10::OptionalDeviceGuard guard(at::device_of(self));
  std::vector<at::Tensor> tensors;
  at::Tensor selected = at::indexing::impl::applySlicing(self, indices, tensors, /*disable_slice_optimization=*/false,
                                                         self.device(), self.sym_sizes());
  while (!tensors.empty() && !tensors.back().defined()) tensors.pop_back();
  if (!tensors.empty()) {
    selected.index_put_(at::indexing::impl::typeConvertIndices(selected, std::move(tensors)), value, accumulate);
  } else if (accumulate) {
    // libtorch adds sparse tensors of some dtypes beyond the end of the memory.
    TORCH_CHECK(value.layout() == at::kStrided, "index_put_ takes dense values only");
    selected.add_(value.to(selected.scalar_type()));
  } else {
    at::indexing::copy_to(selected, value);
  }
  return nullptr;
}

}  // namespace litorch
