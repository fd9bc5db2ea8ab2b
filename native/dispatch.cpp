// Operators by name: what is registered, each one's schema, and the one path by which all of them are called.
#include "dispatch.h"

#include "functions.h"
#include "graphRecorder.h"
#include "values.h"

#include <ATen/core/DimVector.h>
#include <c10/util/SmallVector.h>

namespace litorch {
namespace {

Napi::Value describeArgument(Napi::Env env, const c10::Argument& argument) {
  auto object = Napi::Object::New(env);
  object.Set("name", argument.name());
  object.Set("type", argument.real_type()->str());
  if (argument.N()) object.Set("size", static_cast<double>(*argument.N()));
  object.Set("kwargOnly", argument.kwarg_only());
  object.Set("hasDefault", argument.default_value().has_value());
  const c10::AliasInfo* alias = argument.alias_info();
  object.Set("write", alias != nullptr && alias->isWrite());
  return object;
}

// The argument whose alias a result is, where the result is that argument written in place; else -1.
double writtenArgument(const c10::FunctionSchema& schema, const c10::Argument& result) {
  const c10::AliasInfo* alias = result.alias_info();
  if (alias == nullptr || !alias->isWrite()) return -1;
  for (size_t i = 0; i < schema.arguments().size(); i++) {
    const c10::AliasInfo* candidate = schema.arguments()[i].alias_info();
    if (candidate != nullptr && candidate->beforeSets() == alias->beforeSets()) return static_cast<double>(i);
  }
  return -1;
}

int64_t bytesOf(const at::Tensor& tensor) { return tensor.storage().sym_nbytes().maybe_as_int().value_or(-1); }

// A resize that finds no memory leaves the tensor with the new sizes over the old storage, so that its next use would
// read and write beyond that storage (a fault of libtorch): this gives such a tensor its sizes back.
class SizesBeforeCall {
 public:
  void remember(const torch::jit::Stack& stack, const std::vector<size_t>& written) {
    for (const size_t i : written) {
      const c10::IValue& value = stack[i];
      if (value.isTensor()) remember(value.toTensor());
      if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) remember(tensor);
      }
    }
  }

  void restore() const {
    for (const Sizes& before : tensors_) {
      c10::TensorImpl* impl = before.tensor.unsafeGetTensorImpl();
      // A tensor whose sizes may not change has not changed them.
      if (impl->allow_tensor_metadata_change() && before.tensor.sizes() != before.sizes) {
        impl->set_sizes_and_strides(before.sizes, before.strides);
      }
    }
  }

  // Whether one may have another storage now, or a storage another size.
  bool moved() const {
    if (unsure_) return true;
    for (const Sizes& before : tensors_) {
      if (!before.tensor.has_storage() || before.tensor.storage().unsafeGetStorageImpl() != before.storage ||
          bytesOf(before.tensor) != before.bytes) {
        return true;
      }
    }
    return false;
  }

 private:
  struct Sizes {
    at::Tensor tensor;
    at::DimVector sizes;
    at::DimVector strides;
    const c10::StorageImpl* storage;
    int64_t bytes;
  };
  void remember(const at::Tensor& tensor) {
    if (!tensor.defined()) return;
    if (!tensor.has_storage() || tensor.layout() != at::kStrided || tensor.is_nested()) {
      unsure_ = true;
      return;
    }
    tensors_.push_back({tensor, at::DimVector(tensor.sizes()), at::DimVector(tensor.strides()),
                        tensor.storage().unsafeGetStorageImpl(), bytesOf(tensor)});
  }

  c10::SmallVector<Sizes, 1> tensors_;
  bool unsure_ = false;
};

// A list of integers that costs less than an array: a number stands for a list of it alone; true for the list in the
// shared numbers, after its length there.
bool pushSizes(Environment& environment, napi_value value, torch::jit::Stack& stack) {
  double number;
  c10::List<int64_t> list;
  if (napi_get_value_double(environment.env, value, &number) == napi_ok) {
    list.push_back(toInteger(number));
  } else {
    bool shared = false;
    if (napi_get_value_bool(environment.env, value, &shared) != napi_ok || !shared) return false;
    const double* numbers = environment.numbers;
    if (numbers == nullptr || !(numbers[0] >= 0 && numbers[0] < Environment::kNumbers)) return false;
    const auto count = static_cast<size_t>(numbers[0]);
    list.reserve(count);
    for (size_t i = 1; i <= count; i++) list.push_back(toInteger(numbers[i]));
  }
  stack.emplace_back(std::move(list));
  return true;
}

// What most arguments are: a tensor's handle or a number. False where it is something else, or nothing.
bool pushNumber(Environment& environment, napi_value value, ValueKind kind, torch::jit::Stack& stack) {
  double number;
  switch (kind) {
    case ValueKind::Tensor:
      if (napi_get_value_double(environment.env, value, &number) != napi_ok) return false;
      stack.emplace_back(environment.handles.get(number));
      return true;
    case ValueKind::Float:
      if (napi_get_value_double(environment.env, value, &number) != napi_ok) return false;
      stack.emplace_back(number);
      return true;
    case ValueKind::Int:
      if (napi_get_value_double(environment.env, value, &number) != napi_ok) return false;
      stack.emplace_back(toInteger(number));
      return true;
    case ValueKind::Scalar:
      if (napi_get_value_double(environment.env, value, &number) != napi_ok) return false;
      stack.emplace_back(toScalar(number));
      return true;
    case ValueKind::IntList:
      return pushSizes(environment, value, stack);
    default:
      return false;
  }
}

void pushArgument(const Arguments& arguments, size_t i, const ArgumentType& type,
                  const std::optional<c10::IValue>& standard, torch::jit::Stack& stack) {
  Environment& environment = arguments.environment;
  const bool given = i < arguments.count();
  if (given && pushNumber(environment, arguments[i], type.kind, stack)) return;
  // undefined stands for "not given" everywhere, null where the type has no None of its own.
  if (standard && (arguments.isUndefined(i) || (!type.optional && arguments.isNullish(i)))) {
    stack.push_back(*standard);
  } else if (given) {
    stack.push_back(toIValue(environment, arguments[i], type));
  } else if (type.optional) {
    stack.emplace_back();
  } else {
    throw ArgumentError("it is missing");
  }
}

// The arguments after the operator's number and the result's object, in the order of the schema.
void pushArguments(const Arguments& arguments, const Operator& op, torch::jit::Stack& stack) {
  const size_t count = op.arguments.size();
  if (arguments.count() > count + 2) throw ArgumentError("too many arguments");
  stack.reserve(std::max<size_t>(count, 2));
  const auto name = [&](size_t i) { return "argument '" + op.handle.schema().arguments()[i].name() + "': "; };
  size_t i = 0;
  try {
    for (; i < count; i++) pushArgument(arguments, i + 2, op.arguments[i], op.defaults[i], stack);
  } catch (const ArgumentError& e) {
    throw ArgumentError(name(i) + e.what());
  } catch (const StaleHandle& e) {
    throw StaleHandle(name(i) + e.what());
  }
}

void checkEndless(const Operator& op, const torch::jit::Stack& stack) {
  for (const c10::IValue& value : stack) {
    if (!value.isTensor()) continue;
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) continue;
    const c10::DispatchKeySet keys = tensor.key_set();
    for (const c10::DispatchKey key : op.endless) {
      TORCH_CHECK_NOT_IMPLEMENTED(!keys.has(key), "Could not run '", op.name, "' with arguments from the '",
                                  c10::toString(key), "' backend.");
    }
  }
}

void checkWritten(const HandleTable& handles, const Operator& op, const torch::jit::Stack& stack) {
  for (const size_t i : op.written) {
    const c10::IValue& value = stack[i];
    if (value.isTensor()) handles.checkWrite(value.toTensor());
    if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) handles.checkWrite(tensor);
    }
  }
}

}  // namespace

void readCall(const Arguments& arguments, const Operator*& op, torch::jit::Stack& stack) {
  arguments.checkCount();
  op = &arguments.environment.operators.get(toInteger(arguments.number(0)));
  pushArguments(arguments, *op, stack);
  if (!op->endless.empty()) checkEndless(*op, stack);
  if (arguments.environment.handles.uses != nullptr) [[unlikely]]
    checkWritten(arguments.environment.handles, *op, stack);
}

bool performCall(const Operator& op, torch::jit::Stack& stack) {
  SizesBeforeCall sizes;
  if (op.mayResize) sizes.remember(stack, op.written);
  try {
    if (op.isFactory) {
      // As PyTorch's own factories: what they do inside is no change of the tensor, so its version stays 0.
      const at::AutoDispatchBelowADInplaceOrView below;
      op.handle.callBoxed(stack);
    } else {
      op.handle.callBoxed(stack);
    }
  } catch (...) {
    sizes.restore();
    throw;
  }
  return op.mayResize && sizes.moved();
}

namespace {

napi_value expose(Environment& environment, const Operator& op, torch::jit::Stack& stack, napi_value object) {
  if (op.returnsOneTensor) {
    if (object == nullptr) return nullptr;
    return environment.handles.expose(std::move(stack[0]).toTensor(), object);
  }
  if (stack.size() == 1) return fromIValue(environment, stack[0]);
  napi_value result = nullptr;
  if (!stack.empty()) {
    napi_create_array_with_length(environment.env, stack.size(), &result);
    for (uint32_t i = 0; i < stack.size(); i++) {
      napi_set_element(environment.env, result, i, fromIValue(environment, stack[i]));
    }
  }
  return result;
}

void recount(Environment& environment, const torch::jit::Stack& stack) {
  for (const c10::IValue& value : stack) {
    if (value.isTensor()) environment.handles.recount(value.toTensor());
  }
}

}  // namespace

napi_value exposeResults(Environment& environment, const Operator& op, torch::jit::Stack& stack, napi_value object) {
  if (op.mayResize) recount(environment, stack);
  return expose(environment, op, stack, object);
}

napi_value operatorNames(Arguments& arguments) {
  Napi::Env env(arguments.environment.env);
  const auto names = OperatorTable::names();
  auto array = Napi::Array::New(env, names.size());
  for (uint32_t i = 0; i < names.size(); i++) array.Set(i, names[i]);
  return array;
}

// (name, overload) => the operator's number and schema, or null.
napi_value operatorSchema(Arguments& arguments) {
  Environment& environment = arguments.environment;
  Napi::Env env(environment.env);
  const int64_t id = environment.operators.find(arguments.string(0), arguments.string(1));
  if (id < 0) return makeNull(env);
  const c10::FunctionSchema& schema = environment.operators.get(id).handle.schema();
  auto object = Napi::Object::New(env);
  object.Set("id", static_cast<double>(id));
  object.Set("overload", schema.overload_name());
  object.Set("text", c10::toString(schema));
  auto parameters = Napi::Array::New(env);
  for (uint32_t i = 0; i < schema.arguments().size(); i++) {
    parameters.Set(i, describeArgument(env, schema.arguments()[i]));
  }
  object.Set("arguments", parameters);
  auto returns = Napi::Array::New(env);
  for (uint32_t i = 0; i < schema.returns().size(); i++) {
    const c10::Argument& result = schema.returns()[i];
    auto description = Napi::Object::New(env);
    description.Set("name", result.name());
    description.Set("type", result.real_type()->str());
    description.Set("written", writtenArgument(schema, result));
    returns.Set(i, description);
  }
  object.Set("returns", returns);
  return object;
}

// (id, object, ...arguments): a single tensor is attached to `object` and its handle returned; with an undefined
// `object` (in-place operators, whose result the caller has) the result is dropped. Of several tensors, where `object`
// is `true`, their number is returned; see exposeNumbers. See fromIValue for the rest.
napi_value callOperator(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Environment& environment = arguments.environment;
  const Operator* op = nullptr;
  napi_value result = nullptr;
  // Whatever calls back from the midst of an operator finds an empty vector, and leaves it.
  torch::jit::Stack stack = std::move(environment.stack);
  stack.clear();
  try {
    readCall(arguments, op, stack);
    environment.handles.beforeCall();
    bool moved = op->mayResize;
    if (environment.recorder != nullptr) [[unlikely]] {
      environment.recorder->perform(*op, stack);
    } else {
      moved = performCall(*op, stack);
    }
    if (moved) recount(environment, stack);
    if (op->returnsOneTensor) {
      if (!arguments.isNullish(1)) result = environment.handles.expose(std::move(stack[0]).toTensor(), arguments[1]);
    } else if (arguments.isNullish(1) || !exposeNumbers(environment, stack, result)) {
      result = expose(environment, *op, stack, nullptr);
    }
  } catch (...) {
    throwCurrentException(environment, op == nullptr ? std::string() : op->name);
    result = nullptr;
  }
  stack.clear();
  environment.stack = std::move(stack);
  environment.emitWarnings();
  return result;
}

}  // namespace litorch
