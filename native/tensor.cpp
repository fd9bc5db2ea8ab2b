// What a tensor is (shape, strides, ...) and its elements, in and out.
#include "bytes.h"
#include "functions.h"
#include "values.h"

namespace litorch {

Bytes typedArrayBytes(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t elements;
  Bytes bytes;
  napi_value buffer;
  size_t offset;
  if (napi_get_typedarray_info(env, value, &type, &elements, &bytes.data, &buffer, &offset) != napi_ok) {
    throw ArgumentError("expected a typed array");
  }
  size_t width = 1;
  switch (type) {
    case napi_int16_array:
    case napi_uint16_array:
      width = 2;
      break;
    case napi_int32_array:
    case napi_uint32_array:
    case napi_float32_array:
      width = 4;
      break;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      width = 8;
      break;
    default:
      break;
  }
  bytes.length = elements * width;
  return bytes;
}

at::ScalarType scalarType(int64_t code) {
  if (code < 0 || code >= static_cast<int64_t>(at::ScalarType::NumOptions)) throw ArgumentError("not a dtype");
  return static_cast<at::ScalarType>(code);
}

void checkLength(const std::vector<int64_t>& sizes, at::ScalarType type, size_t length) {
  uint64_t expected = c10::elementSize(type);
  for (int64_t size : sizes) {
    if (size < 0) throw ArgumentError("a size is negative");
    if (__builtin_mul_overflow(expected, static_cast<uint64_t>(size), &expected)) {
      throw ArgumentError("the sizes are too large");
    }
  }
  if (expected != length) {
    throw ArgumentError("the shape needs " + std::to_string(expected) + " bytes, the array has " +
                        std::to_string(length));
  }
}

napi_value shape(Arguments& arguments) { return makeIntegers(arguments.environment.env, arguments.tensor(0).sizes()); }

napi_value strides(Arguments& arguments) {
  return makeIntegers(arguments.environment.env, arguments.tensor(0).strides());
}

napi_value dtype(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.tensor(0).scalar_type()));
}

napi_value device(Arguments& arguments) {
  return makeNumber(arguments.environment.env, encodeDevice(arguments.tensor(0).device()));
}

napi_value layout(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.tensor(0).layout()));
}

napi_value numel(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.tensor(0).numel()));
}

napi_value storageOffset(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.tensor(0).storage_offset()));
}

napi_value isContiguous(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).is_contiguous());
}

napi_value isNested(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).is_nested());
}

napi_value dataPointer(Arguments& arguments) {
  const auto address = reinterpret_cast<uintptr_t>(arguments.tensor(0).data_ptr());
  return Napi::BigInt::New(arguments.environment.env, static_cast<uint64_t>(address));
}

napi_value item(Arguments& arguments) { return makeScalar(arguments.environment.env, arguments.tensor(0).item()); }

void copyBytes(const at::Tensor& tensor, const Bytes& target, at::ScalarType type) {
  const at::NoGradGuard guard;
  const at::Tensor source = tensor.detach();
  checkLength(source.sizes().vec(), type, target.length);
  if (target.length == 0) return;
  const bool plain = source.device().is_cpu() && source.layout() == at::kStrided && source.scalar_type() == type &&
                     source.is_contiguous() && !source.is_conj() && !source.is_neg() && !source._is_zerotensor();
  if (plain) {
    std::memcpy(target.data, source.const_data_ptr(), target.length);
  } else {
    at::from_blob(target.data, source.sizes(), at::TensorOptions().dtype(type).device(at::kCPU)).copy_(source);
  }
}

// (handle, typed array, dtype): copies the elements, in row-major order and converted to the dtype.
napi_value readBytes(Arguments& arguments) {
  const at::Tensor& source = arguments.tensor(0);
  const Bytes target = typedArrayBytes(arguments.environment.env, arguments[1]);
  copyBytes(source, target, scalarType(arguments.integer(2)));
  return nullptr;
}

// (typed array, dtype, sizes): a tensor with a copy of the bytes.
napi_value fromBytes(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const Bytes source = typedArrayBytes(environment.env, arguments[0]);
  const at::ScalarType type = scalarType(arguments.integer(1));
  const std::vector<int64_t> sizes = arguments.integers(2);
  checkLength(sizes, type, source.length);
  at::Tensor tensor = at::empty(sizes, at::TensorOptions().dtype(type).device(at::kCPU));
  if (source.length > 0) std::memcpy(tensor.data_ptr(), source.data, source.length);
  return environment.handles.expose(std::move(tensor));
}

}  // namespace litorch
