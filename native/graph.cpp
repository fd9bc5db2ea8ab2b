#include "graph.h"

#include <ATen/ScalarOps.h>
#include <ATen/ops/equal.h>
#include <c10/core/GradMode.h>
#include <c10/util/StringUtil.h>

#include <bit>

namespace litorch {
namespace {

at::DimVector stridesOf(const at::Tensor& tensor) {
  return tensor.layout() == at::kStrided ? at::DimVector(tensor.strides()) : at::DimVector();
}

bool sameTensor(const at::Tensor& a, const at::Tensor& b) {
  const at::NoGradGuard guard;
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() && a.device() == b.device() && at::equal(a, b);
}

std::string shown(const c10::IValue& value) {
  return value.isTensor() && value.toTensor().numel() == 1 ? c10::str(value.toTensor().item()) : c10::str(value);
}

bool sameNumber(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

bool sameIndex(const at::indexing::TensorIndex& a, const at::indexing::TensorIndex& b) {
  std::ostringstream one;
  std::ostringstream other;
  // Tensors are compared by their slots.
  if (a.is_tensor() || b.is_tensor()) return a.is_tensor() && b.is_tensor();
  one << a;
  other << b;
  return one.str() == other.str();
}

const char* nameOf(Action action) {
  switch (action) {
    case Action::Operator:
      return "an operator";
    case Action::GetItem:
      return "at()";
    case Action::SetItem:
      return "setAt()";
    case Action::Grad:
      return "reading grad";
    case Action::SetGrad:
      return "setting grad";
    case Action::Data:
      return "reading data";
    case Action::SetData:
      return "setting data";
    case Action::SetRequiresGrad:
      return "setting requiresGrad";
    case Action::RetainGrad:
      return "retainGrad()";
    case Action::SetGradMode:
      return "switching the recording of gradients";
    case Action::Backward:
      return "backward()";
    case Action::Gradients:
      return "torch.autograd.grad()";
  }
  return "";
}

}  // namespace

at::Tensor wrappedNumber(const at::Scalar& number) {
  at::Tensor tensor = at::scalar_to_tensor(number);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

bool sameConstant(const c10::IValue& a, const c10::IValue& b) {
  if (a.tagKind() != b.tagKind()) return false;
  if (a.isNone()) return true;
  if (a.isDouble()) return sameNumber(a.toDouble(), b.toDouble());
  if (a.isInt()) return a.toInt() == b.toInt();
  if (a.isBool()) return a.toBool() == b.toBool();
  if (a.isComplexDouble()) {
    const auto x = a.toComplexDouble();
    const auto y = b.toComplexDouble();
    return sameNumber(x.real(), y.real()) && sameNumber(x.imag(), y.imag());
  }
  if (a.isString()) return a.toStringRef() == b.toStringRef();
  if (a.isDevice()) return a.toDevice() == b.toDevice();
  if (a.isGenerator()) return a.toGenerator() == b.toGenerator();
  if (a.isTensor()) {
    const at::Tensor& x = a.toTensor();
    const at::Tensor& y = b.toTensor();
    return x.defined() && y.defined() && sameTensor(x, y);
  }
  if (a.isList()) {
    const auto x = a.toListRef();
    const auto y = b.toListRef();
    if (x.size() != y.size()) return false;
    for (size_t i = 0; i < x.size(); i++) {
      if (!sameConstant(x[i], y[i])) return false;
    }
    return true;
  }
  return false;
}

TensorFacts::TensorFacts(const at::Tensor& tensor)
    : keys_(tensor.key_set()),
      dtype_(tensor.scalar_type()),
      device_(tensor.device()),
      sizes_(tensor.sizes()),
      strides_(stridesOf(tensor)),
      requiresGrad_(tensor.requires_grad()),
      isLeaf_(tensor.is_leaf()) {}

bool TensorFacts::hold(const at::Tensor& tensor) const {
  return tensor.key_set() == keys_ && tensor.scalar_type() == dtype_ && tensor.device() == device_ &&
         tensor.sizes() == sizes_ && (tensor.layout() != at::kStrided || tensor.strides() == strides_) &&
         tensor.requires_grad() == requiresGrad_ && tensor.is_leaf() == isLeaf_;
}

std::string TensorFacts::difference(const TensorFacts& now) const {
  const auto differs = [](const char* what, const auto& was, const auto& is) {
    return c10::str(what, " was ", was, " and is ", is);
  };
  const auto shape = [](const at::DimVector& sizes) { return c10::str("[", c10::Join(", ", sizes), "]"); };
  const auto boolean = [](bool value) { return value ? "true" : "false"; };
  if (dtype_ != now.dtype_) return differs("the dtype", dtype_, now.dtype_);
  if (device_ != now.device_) return differs("the device", device_, now.device_);
  if (sizes_ != now.sizes_) return differs("the shape", shape(sizes_), shape(now.sizes_));
  if (requiresGrad_ != now.requiresGrad_)
    return differs("requiresGrad", boolean(requiresGrad_), boolean(now.requiresGrad_));
  if (isLeaf_ != now.isLeaf_) return differs("isLeaf", boolean(isLeaf_), boolean(now.isLeaf_));
  if (strides_ != now.strides_) return differs("the strides", shape(strides_), shape(now.strides_));
  return keys_ == now.keys_ ? std::string() : "it is another sort of tensor";
}

std::string Instruction::name() const { return op != nullptr ? op->name : nameOf(action); }

std::string Instruction::difference(const Instruction& other) const {
  if (action != other.action || op != other.op)
    return c10::str(name(), " in one run and ", other.name(), " in the next");
  for (size_t i = 0; i < constants.size(); i++) {
    if (sameConstant(constants[i], other.constants[i])) continue;
    const std::string argument =
        op == nullptr ? "the value" : c10::str("argument '", op->handle.schema().arguments()[i].name(), "'");
    return c10::str(
        name(), ": ", argument, " was ", shown(constants[i]), " in one run and ", shown(other.constants[i]),
        " in the next. Numbers that JavaScript computes are constants of a recording; keep what changes in a tensor");
  }
  const auto sameUses = [&] {
    if (uses.size() != other.uses.size() || indexSlots != other.indexSlots) return false;
    for (size_t i = 0; i < uses.size(); i++) {
      if (uses[i].argument != other.uses[i].argument || uses[i].slots != other.uses[i].slots) return false;
    }
    if (indices.size() != other.indices.size()) return false;
    for (size_t i = 0; i < indices.size(); i++) {
      if (!sameIndex(indices[i], other.indices[i])) return false;
    }
    return live == other.live && retainGraph == other.retainGraph && flag == other.flag;
  };
  if (!sameUses()) return c10::str(name(), ": the two runs gave it other tensors or indices");
  if (results.size() != other.results.size()) return c10::str(name(), ": the two runs had other results");
  for (size_t i = 0; i < results.size(); i++) {
    const Result& a = results[i];
    const Result& b = other.results[i];
    const bool sameValue = a.value ? b.value && sameConstant(*a.value, *b.value) : !b.value;
    if (!sameValue || a.slots != b.slots || a.shapes != b.shapes) {
      return c10::str(name(),
                      ": the two runs had other results. Shapes and values that depend on elements, and gradients ",
                      "that are null in one run only, cannot be recorded");
    }
  }
  return "";
}

std::string Graph::difference(const Graph& other) const {
  if (gradMode != other.gradMode) return "gradients were recorded in one run and not in the next";
  for (size_t i = 0; i < inputFacts.size(); i++) {
    const std::string changed = inputFacts[i].difference(other.inputFacts[i]);
    if (!changed.empty()) return c10::str("tensor ", i, " of the arguments: ", changed);
  }
  for (size_t i = 0; i < std::min(instructions.size(), other.instructions.size()); i++) {
    const std::string changed = instructions[i].difference(other.instructions[i]);
    if (!changed.empty()) return c10::str("operation ", i + 1, ", ", changed);
  }
  if (instructions.size() != other.instructions.size()) {
    return c10::str("one run had ", instructions.size(), " operations and the next ", other.instructions.size());
  }
  for (size_t i = 0; i < captured.size(); i++) {
    if (!captured[i].tensor.is_same(other.captured[i].tensor)) {
      return "the two runs used other tensors from outside of the function: pass what changes as an argument";
    }
  }
  return outputs == other.outputs ? "" : "the two runs returned other tensors";
}

void Graph::complete() {
  std::vector<bool> needed(static_cast<size_t>(slots), false);
  for (const Captured& tensor : captured) needed[static_cast<size_t>(tensor.slot)] = true;
  for (const int32_t slot : outputs) needed[static_cast<size_t>(slot)] = true;
  for (size_t i = instructions.size(); i-- > 0;) {
    Instruction& instruction = instructions[i];
    const auto end = [&](int32_t slot) {
      if (slot == kNoSlot || needed[static_cast<size_t>(slot)]) return;
      needed[static_cast<size_t>(slot)] = true;
      instruction.last.push_back(slot);
    };
    for (const auto& result : instruction.results) std::for_each(result.slots.begin(), result.slots.end(), end);
    for (const auto& use : instruction.uses) std::for_each(use.slots.begin(), use.slots.end(), end);
    for (const auto& [index, slot] : instruction.indexSlots) end(slot);
  }
}

}  // namespace litorch
