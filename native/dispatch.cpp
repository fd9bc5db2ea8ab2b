// Operators by name: what is registered, each one's schema, and the one path by which all of them are called.
#include "functions.h"
#include "values.h"

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

// A resize that finds no memory leaves the tensor with the new sizes over the old storage, so that its next use would
// read and write beyond that storage (a fault of libtorch): this gives such a tensor its sizes back.
class SizesBeforeCall {
 public:
  void remember(const torch::jit::Stack& stack) {
    for (const c10::IValue& value : stack) {
      if (value.isTensor()) remember(value.toTensor());
      if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) remember(tensor);
      }
    }
  }

  void restore() const {
    for (const auto& [tensor, sizes, strides] : tensors_) {
      c10::TensorImpl* impl = tensor.unsafeGetTensorImpl();
      // A tensor whose sizes may not change has not changed them.
      if (impl->allow_tensor_metadata_change() && tensor.sizes() != sizes) impl->set_sizes_and_strides(sizes, strides);
    }
  }

 private:
  struct Sizes {
    at::Tensor tensor;
    std::vector<int64_t> sizes;
    std::vector<int64_t> strides;
  };
  void remember(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage() || tensor.layout() != at::kStrided || tensor.is_nested()) return;
    tensors_.push_back({tensor, tensor.sizes().vec(), tensor.strides().vec()});
  }

  std::vector<Sizes> tensors_;
};

}  // namespace

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
// `object` (in-place operators, whose result the caller has) the result is dropped. See fromIValue for the rest.
napi_value callOperator(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  auto& environment = *static_cast<Environment*>(data);
  const Operator* op = nullptr;
  napi_value result = nullptr;
  SizesBeforeCall sizes;
  try {
    Arguments arguments(environment, info);
    op = &environment.operators.get(arguments.integer(0));
    const auto& schema = op->handle.schema().arguments();
    const size_t given = arguments.count() - 2;
    if (given > schema.size()) throw ArgumentError("too many arguments");
    torch::jit::Stack stack;
    stack.reserve(std::max<size_t>(schema.size(), 2));
    for (size_t i = 0; i < schema.size(); i++) {
      // undefined stands for "not given" everywhere, null where the type has no None of its own.
      const bool missing =
          i >= given || arguments.isUndefined(i + 2) || (!op->arguments[i].optional && arguments.isNullish(i + 2));
      if (missing) {
        if (const auto& value = schema[i].default_value()) {
          stack.push_back(*value);
          continue;
        }
      }
      try {
        if (i >= given && !op->arguments[i].optional) throw ArgumentError("it is missing");
        stack.push_back(i < given ? toIValue(environment, arguments[i + 2], op->arguments[i]) : c10::IValue());
      } catch (const ArgumentError& e) {
        throw ArgumentError("argument '" + schema[i].name() + "': " + e.what());
      } catch (const StaleHandle& e) {
        throw StaleHandle("argument '" + schema[i].name() + "': " + e.what());
      }
    }
    if (op->mayResize) sizes.remember(stack);
    if (op->isFactory) {
      // As PyTorch's own factories: what they do inside is no change of the tensor, so its version stays 0.
      const at::AutoDispatchBelowADInplaceOrView below;
      op->handle.callBoxed(stack);
    } else {
      op->handle.callBoxed(stack);
    }
    if (op->mayResize) {
      for (const c10::IValue& value : stack) {
        if (value.isTensor()) environment.handles.recount(value.toTensor());
      }
    }
    const bool drop = arguments.isNullish(1);
    if (op->returnsOneTensor) {
      if (!drop) result = environment.handles.expose(std::move(stack[0]).toTensor(), arguments[1]);
    } else if (stack.size() == 1) {
      result = fromIValue(environment, stack[0]);
    } else if (!stack.empty()) {
      napi_create_array_with_length(env, stack.size(), &result);
      for (uint32_t i = 0; i < stack.size(); i++) napi_set_element(env, result, i, fromIValue(environment, stack[i]));
    }
  } catch (...) {
    sizes.restore();
    throwCurrentException(environment, op == nullptr ? std::string() : op->name);
    result = nullptr;
  }
  environment.emitWarnings();
  return result;
}

}  // namespace litorch
