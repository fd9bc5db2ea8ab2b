// Several tensors across the boundary: their handles go through the numbers that the addon and lib/native.ts share, and
// their objects come back in one call. Each through its own Node-API value and its own call took longer than a small
// operator.
#include "dispatch.h"
#include "functions.h"

namespace litorch {
namespace {

bool isNew(const c10::IValue& value) {
  // A tensor that others hold may have an object already.
  return value.isTensor() && value.toTensor().defined() && value.toTensor().use_count() == 1;
}

// A new handle, for which JavaScript is about to make an object.
double enter(Environment& environment, c10::IValue&& value) {
  double handle = 0;
  napi_get_value_double(environment.env, environment.handles.expose(std::move(value).toTensor()), &handle);
  return handle;
}

}  // namespace

bool exposeNumbers(Environment& environment, torch::jit::Stack& stack, napi_value& result) {
  double* numbers = environment.numbers;
  if (numbers == nullptr || stack.empty()) return false;
  size_t count = 0;
  if (stack.size() == 1 && stack[0].isTensorList()) {
    c10::ArrayRef<c10::IValue> tensors = stack[0].toListRef();
    if (tensors.size() > Environment::kNumbers) return false;
    for (const c10::IValue& tensor : tensors) {
      if (!isNew(tensor)) return false;
    }
    for (const c10::IValue& tensor : tensors)
      numbers[count++] = enter(environment, std::move(const_cast<c10::IValue&>(tensor)));
  } else {
    for (const c10::IValue& tensor : stack) {
      if (!isNew(tensor)) return false;
    }
    for (c10::IValue& tensor : stack) numbers[count++] = enter(environment, std::move(tensor));
  }
  napi_create_int32(environment.env, static_cast<int32_t>(count), &result);
  return true;
}

// (objects): attaches each to the handle at its place in the shared numbers.
napi_value attachAll(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const napi_value objects = arguments[0];
  const uint32_t count = arrayLength(environment.env, objects);
  if (environment.numbers == nullptr || count > Environment::kNumbers) throw ArgumentError("too many tensors");
  // Attaching may collect garbage, and what runs then may use the numbers.
  const c10::SmallVector<double, 8> handles(environment.numbers, environment.numbers + count);
  for (uint32_t i = 0; i < count; i++) {
    environment.handles.attach(handles[i], arrayElement(environment.env, objects, i));
  }
  return nullptr;
}

}  // namespace litorch
