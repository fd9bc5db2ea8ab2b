#include "operators.h"

#include "errors.h"

namespace litorch {

ArgumentType describeType(const c10::TypePtr& given) {
  using c10::TypeKind;
  c10::TypePtr type = given;
  bool optional = false;
  if (auto inner = type->cast<c10::OptionalType>()) {
    type = inner->getElementType();
    optional = true;
  }
  const auto kind = [&] {
    switch (type->kind()) {
      case TypeKind::TensorType:
        return ValueKind::Tensor;
      case TypeKind::NumberType:
      case TypeKind::ComplexType:
        return ValueKind::Scalar;
      case TypeKind::IntType:
      case TypeKind::SymIntType:
        return ValueKind::Int;
      case TypeKind::FloatType:
      case TypeKind::SymFloatType:
        return ValueKind::Float;
      case TypeKind::BoolType:
      case TypeKind::SymBoolType:
        return ValueKind::Bool;
      case TypeKind::StringType:
        return ValueKind::String;
      case TypeKind::DeviceObjType:
        return ValueKind::Device;
      case TypeKind::GeneratorType:
        return ValueKind::Generator;
      case TypeKind::ListType:
        switch (type->expectRef<c10::ListType>().getElementType()->kind()) {
          case TypeKind::IntType:
          case TypeKind::SymIntType:
            return ValueKind::IntList;
          case TypeKind::TensorType:
            return ValueKind::TensorList;
          default:
            return ValueKind::List;
        }
      default:
        return ValueKind::Unsupported;
    }
  }();
  return {kind, optional, type};
}

std::vector<std::string> OperatorTable::names() {
  std::vector<std::string> result;
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
    // Some names have kernels only (fallbacks, say) and no schema to call them by.
    if (c10::Dispatcher::singleton().findSchema(name)) result.push_back(c10::toString(name));
  }
  return result;
}

namespace {

// Operators in place whose kernel for all other sorts of tensors asks the dispatcher for the same operator again (a
// fault of libtorch, found in 2.13): a tensor of such a sort would end the process.
std::vector<c10::DispatchKey> endlessKeys(const c10::OperatorHandle& handle) {
  using c10::DispatchKey;
  std::vector<DispatchKey> keys;
  if (!handle.hasKernelForDispatchKey(DispatchKey::CompositeExplicitAutogradNonFunctional)) return keys;
  for (const DispatchKey key :
       {DispatchKey::MkldnnCPU, DispatchKey::QuantizedCPU, DispatchKey::SparseCsrCPU, DispatchKey::NestedTensorCPU}) {
    if (!handle.hasKernelForDispatchKey(key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace

int64_t OperatorTable::find(const std::string& name, const std::string& overload) {
  const std::string key = overload.empty() ? name : name + "." + overload;
  const auto found = ids_.find(key);
  if (found != ids_.end()) return found->second;
  const auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!handle) return -1;
  auto op = std::make_unique<Operator>(Operator{*handle, key, {}, {}, false, false, false, {}, {}});
  const c10::FunctionSchema& schema = handle->schema();
  for (const c10::Argument& argument : schema.arguments()) {
    op->arguments.push_back(describeType(argument.type()));
    op->defaults.push_back(argument.default_value());
  }
  op->returnsOneTensor =
      schema.returns().size() == 1 && schema.returns()[0].type()->kind() == c10::TypeKind::TensorType;
  bool hasPinMemory = false;
  for (const c10::Argument& argument : schema.arguments()) hasPinMemory |= argument.name() == "pin_memory";
  const auto begins = [&](const char* prefix) { return name.rfind(prefix, 0) == 0; };
  op->isFactory = hasPinMemory && !begins("aten::new_") && !begins("aten::to") && name != "aten::_to_copy" &&
                  // Made of tensors whose graph they continue.
                  !begins("aten::sparse_") && !begins("aten::_sparse_") && !begins("aten::_nested_");
  op->mayResize = name == "aten::resize_" || name == "aten::resize_as_" || name == "aten::set_";
  for (size_t i = 0; i < schema.arguments().size(); i++) {
    const c10::AliasInfo* alias = schema.arguments()[i].alias_info();
    if (alias == nullptr || !alias->isWrite()) continue;
    op->written.push_back(i);
    if (schema.arguments()[i].kwarg_only()) op->mayResize = true;
  }
  if (!op->written.empty()) op->endless = endlessKeys(*handle);
  operators_.push_back(std::move(op));
  const auto id = static_cast<int64_t>(operators_.size()) - 1;
  ids_.emplace(key, id);
  return id;
}

const Operator& OperatorTable::get(int64_t id) const {
  if (id < 0 || id >= static_cast<int64_t>(operators_.size())) throw ArgumentError("not an operator");
  return *operators_[static_cast<size_t>(id)];
}

}  // namespace litorch
