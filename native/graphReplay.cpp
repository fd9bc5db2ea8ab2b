// Doing what has been recorded again. See graph.h.
#include "dispatch.h"
#include "engine.h"
#include "graph.h"
#include "values.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

namespace litorch {
namespace {

// What holds while a replay runs, whose hooks the engine may call, and which switches the recording of gradients.
class Surroundings {
 public:
  explicit Surroundings(Environment& environment) : run_(environment), gradMode_(c10::GradMode::is_enabled()) {}
  ~Surroundings() { c10::GradMode::set_enabled(gradMode_); }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  const EngineRun run_;
  const bool gradMode_;
};

}  // namespace

// One replay: the tensors in their slots.
class Graph::Run {
 public:
  Run(Graph& graph, Environment& environment, const std::vector<at::Tensor>& inputs,
      const std::function<double(int32_t)>& live)
      : graph_(graph), environment_(environment), live_(live), slots_(static_cast<size_t>(graph.slots)) {
    for (size_t i = 0; i < inputs.size(); i++) slots_[i] = inputs[i];
    for (const Captured& tensor : graph.captured) slots_[static_cast<size_t>(tensor.slot)] = tensor.tensor;
  }

  void perform() {
    try {
      for (const Instruction& instruction : graph_.instructions) {
        perform(instruction);
        for (const int32_t slot : instruction.last) slots_[static_cast<size_t>(slot)].reset();
      }
    } catch (...) {
      // As the scope of a swap would: what had other data for a while has its own again.
      for (size_t i = swaps_.size(); i-- > 0;) swap(swaps_[i].first, swaps_[i].second);
      throw;
    }
  }

  const at::Tensor& at(int32_t slot) const {
    static const at::Tensor none;
    return slot == kNoSlot ? none : slots_[static_cast<size_t>(slot)];
  }

 private:
  const at::Tensor& used(const Instruction& instruction, size_t i) const { return at(instruction.uses[i].slots[0]); }

  std::vector<at::Tensor> all(const Instruction::Use& use) const {
    std::vector<at::Tensor> tensors;
    tensors.reserve(use.slots.size());
    for (const int32_t slot : use.slots) tensors.push_back(at(slot));
    return tensors;
  }

  void keep(const Instruction& instruction, int32_t slot, const at::DimVector& shape, at::Tensor tensor) {
    TORCH_CHECK(tensor.defined() == (slot != kNoSlot), instruction.name(),
                tensor.defined() ? " gave a tensor, and null when it was recorded"
                                 : " gave null, and a tensor when it was recorded");
    if (slot == kNoSlot) return;
    TORCH_CHECK(tensor.sizes() == shape, instruction.name(), " gave a tensor of shape ", tensor.sizes(),
                ", and of shape ", at::IntArrayRef(shape),
                " when it was recorded: shapes that depend on elements cannot be replayed");
    slots_[static_cast<size_t>(slot)] = std::move(tensor);
  }
  void keepOne(const Instruction& instruction, at::Tensor tensor) {
    const Instruction::Result& result = instruction.results[0];
    keep(instruction, result.slots[0], result.shapes[0], std::move(tensor));
  }

  void swap(const at::Tensor& tensor, const at::Tensor& data) {
    tensor.set_data(data);
    environment_.handles.recount(tensor);
  }

  std::vector<at::indexing::TensorIndex> indices(const Instruction& instruction) const {
    std::vector<at::indexing::TensorIndex> indices = instruction.indices;
    for (const auto& [i, slot] : instruction.indexSlots) indices[i] = at::indexing::TensorIndex(at(slot));
    return indices;
  }

  void perform(const Instruction& instruction) {
    switch (instruction.action) {
      case Action::Operator:
        return call(instruction);
      case Action::GetItem: {
        const at::Tensor& self = used(instruction, 0);
        const c10::OptionalDeviceGuard guard(at::device_of(self));
        return keepOne(instruction, at::indexing::get_item(self, indices(instruction)));
      }
      case Action::SetItem: {
        const at::Tensor& self = used(instruction, 0);
        const c10::OptionalDeviceGuard guard(at::device_of(self));
        const at::Tensor value =
            instruction.constants.empty() ? used(instruction, 1) : instruction.constants[0].toTensor();
        return at::indexing::set_item(self, indices(instruction), value);
      }
      case Action::Grad:
        return keepOne(instruction, used(instruction, 0).grad());
      case Action::SetGrad: {
        // Nothing else could hold the gradient that goes, but its destructor may look at this tensor.
        const at::Tensor old = std::exchange(used(instruction, 0).mutable_grad(), used(instruction, 1));
        return;
      }
      case Action::Data:
        return keepOne(instruction, used(instruction, 0).variable_data());
      case Action::SetData: {
        const at::Tensor& tensor = used(instruction, 0);
        swaps_.emplace_back(tensor, tensor.variable_data());
        return swap(tensor, used(instruction, 1));
      }
      case Action::SetRequiresGrad:
        used(instruction, 0).set_requires_grad(instruction.flag);
        return;
      case Action::RetainGrad:
        return used(instruction, 0).retain_grad();
      case Action::SetGradMode:
        return c10::GradMode::set_enabled(instruction.flag);
      case Action::Backward:
        return torch::autograd::backward(all(instruction.uses[0]), all(instruction.uses[1]), instruction.retainGraph,
                                         instruction.flag, all(instruction.uses[2]));
      case Action::Gradients: {
        auto found = torch::autograd::grad(all(instruction.uses[0]), all(instruction.uses[2]), all(instruction.uses[1]),
                                           instruction.retainGraph, instruction.flag, /*allow_unused=*/true);
        for (size_t i = 0; i < found.size(); i++) {
          const Instruction::Result& result = instruction.results[i];
          keep(instruction, result.slots[0], result.shapes[0], std::move(found[i]));
        }
        return;
      }
    }
  }

  // Numbers that JavaScript computes now.
  void fillIn(const Instruction& instruction) {
    c10::List<at::Scalar> list;
    for (const auto& [argument, element, number] : instruction.live) {
      const double value = live_(number);
      const ValueKind kind = instruction.op->arguments[argument].kind;
      c10::IValue& place = stack_[argument];
      if (element != kNoSlot) {
        list.push_back(toScalar(value));
        if (element + 1 == instruction.constants[argument].toInt())
          place = std::exchange(list, c10::List<at::Scalar>());
      } else if (kind == ValueKind::Tensor) {
        place = wrappedNumber(toScalar(value));
      } else if (kind == ValueKind::Float) {
        place = value;
      } else {
        place = toScalar(value);
      }
    }
  }

  void recount(const Instruction& instruction) {
    for (const Instruction::Use& use : instruction.uses) {
      for (const int32_t slot : use.slots) environment_.handles.recount(at(slot));
    }
  }

  void call(const Instruction& instruction) {
    stack_.assign(instruction.constants.begin(), instruction.constants.end());
    for (const Instruction::Use& use : instruction.uses) {
      c10::IValue& place = stack_[use.argument];
      if (!use.isList) {
        place = at(use.slots[0]);
      } else if (!use.isOptionalList) {
        c10::List<at::Tensor> list;
        list.reserve(use.slots.size());
        for (const int32_t slot : use.slots) list.push_back(at(slot));
        place = std::move(list);
      } else {
        c10::List<std::optional<at::Tensor>> list;
        list.reserve(use.slots.size());
        for (const int32_t slot : use.slots) {
          list.push_back(slot == kNoSlot ? std::nullopt : std::optional<at::Tensor>(at(slot)));
        }
        place = std::move(list);
      }
    }
    if (!instruction.live.empty()) fillIn(instruction);
    performCall(*instruction.op, stack_);
    if (instruction.op->mayResize) recount(instruction);
    for (size_t i = 0; i < instruction.results.size(); i++) {
      const Instruction::Result& result = instruction.results[i];
      if (result.value) {
        TORCH_CHECK(sameConstant(*result.value, stack_[i]), instruction.name(), " gave ", stack_[i], ", and ",
                    *result.value, " when it was recorded: what JavaScript learns of elements cannot be replayed");
      } else if (!result.isList) {
        keep(instruction, result.slots[0], result.shapes[0], std::move(stack_[i]).toTensor());
      } else {
        std::vector<at::Tensor> tensors = stack_[i].toTensorVector();
        TORCH_CHECK(tensors.size() == result.slots.size(), instruction.name(), " gave ", tensors.size(),
                    " tensors, and ", result.slots.size(), " when it was recorded");
        for (size_t k = 0; k < tensors.size(); k++) {
          keep(instruction, result.slots[k], result.shapes[k], std::move(tensors[k]));
        }
      }
    }
    stack_.clear();
  }

  const Graph& graph_;
  Environment& environment_;
  const std::function<double(int32_t)>& live_;
  std::vector<at::Tensor> slots_;
  torch::jit::Stack stack_;
  std::vector<std::pair<at::Tensor, at::Tensor>> swaps_;
};

void Graph::check(Environment& environment, const std::vector<at::Tensor>& inputs) const {
  TORCH_CHECK(!isRunning_, "the step is being replayed already");
  TORCH_CHECK(environment.recorder == nullptr, "a replay cannot be a part of another recording");
  TORCH_CHECK(environment.handles.uses == nullptr, "a step cannot be replayed while asynchronous work is going on");
  TORCH_CHECK(environment.accumulating.empty(), "a step cannot be replayed in a hook after accumulation");
  TORCH_CHECK(!c10::InferenceMode::is_enabled(), "a step cannot be replayed in inference mode");
  TORCH_CHECK(c10::GradMode::is_enabled() == gradMode, "the step was recorded ", gradMode ? "with" : "without",
              " gradients, and is called ", gradMode ? "without" : "with");
  TORCH_CHECK(at::typeMetaToScalarType(at::get_default_dtype()) == defaultDtype,
              "the default dtype is another than when the step was recorded");
  TORCH_CHECK(inputs.size() == inputFacts.size(), "the step takes ", inputFacts.size(), " tensors");
  for (size_t i = 0; i < inputs.size(); i++) {
    if (!inputFacts[i].hold(inputs[i])) [[unlikely]] {
      TORCH_CHECK(false, "tensor ", i, " of the arguments: ", inputFacts[i].difference(TensorFacts(inputs[i])));
    }
    TORCH_CHECK(inputs[i].is_same(inputs[aliases[i]]), "tensors ", aliases[i], " and ", i,
                " of the arguments were one tensor when the step was recorded");
  }
  for (const Captured& known : captured) {
    const at::Tensor* now = environment.handles.peek(known.handle);
    TORCH_CHECK(now != nullptr && now->is_same(known.tensor), "a tensor that the step uses has been disposed");
    if (!known.facts.hold(known.tensor)) [[unlikely]] {
      TORCH_CHECK(false, "a tensor that the step uses: ", known.facts.difference(TensorFacts(known.tensor)));
    }
  }
}

std::vector<at::Tensor> Graph::replay(Environment& environment, const std::vector<at::Tensor>& inputs,
                                      const std::function<double(int32_t)>& live) {
  check(environment, inputs);
  environment.handles.beforeCall();
  const Surroundings surroundings(environment);
  isRunning_ = true;
  struct End {
    bool& flag;
    ~End() { flag = false; }
  } end{isRunning_};
  Run run(*this, environment, inputs, live);
  run.perform();
  std::vector<at::Tensor> results;
  results.reserve(outputs.size());
  for (const int32_t slot : outputs) results.push_back(run.at(slot));
  return results;
}

}  // namespace litorch
