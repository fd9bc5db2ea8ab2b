// What a tensor is (shape, strides, ...) and its elements, in and out.
#include "functions.h"
#include "values.h"

namespace litorch {
namespace {

struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};

// lib/ lets only typed arrays over plain ArrayBuffers through.
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

// The number of bytes that a tensor of these sizes has; checked, since the memory is not libtorch's.
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

}  // namespace

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

// (handle, typed array): copies the elements, in row-major order.
napi_value readBytes(Arguments& arguments) {
  const at::NoGradGuard guard;
  at::Tensor source = arguments.tensor(0).detach();
  // A tensor of zeros that only says so has no memory to copy from.
  if (source._is_zerotensor()) source = source.clone();
  source = source.to(at::kCPU).to_dense().resolve_conj().resolve_neg().contiguous();
  const Bytes target = typedArrayBytes(arguments.environment.env, arguments[1]);
  if (source.nbytes() != target.length) throw ArgumentError("the typed array has another length");
  if (target.length > 0) std::memcpy(target.data, source.const_data_ptr(), target.length);
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

// (typed array, dtype, sizes): a tensor over the same memory, which keeps the array's buffer alive.
napi_value shareBytes(Arguments& arguments) {
  Environment& environment = arguments.environment;
  environment.bufferReleases->drain(environment.env);
  const Bytes source = typedArrayBytes(environment.env, arguments[0]);
  const at::ScalarType type = scalarType(arguments.integer(1));
  const std::vector<int64_t> sizes = arguments.integers(2);
  checkLength(sizes, type, source.length);
  napi_ref reference;
  napi_create_reference(environment.env, arguments[0], 1, &reference);
  at::Tensor tensor = at::from_blob(
      source.data, sizes, [releases = environment.bufferReleases, reference](void*) { releases->push(reference); },
      at::TensorOptions().dtype(type).device(at::kCPU));
  return environment.handles.expose(std::move(tensor));
}

}  // namespace litorch
