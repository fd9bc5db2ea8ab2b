#include "graphRecorder.h"

#include "dispatch.h"
#include "indexing.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

namespace litorch {
namespace {

// The tensor that a native function has given to JavaScript: a new handle, 0, or the object that stands for it.
at::Tensor given(Environment& environment, napi_value value) {
  napi_valuetype type;
  napi_typeof(environment.env, value, &type);
  if (type == napi_object && napi_get_named_property(environment.env, value, "handle", &value) != napi_ok) return {};
  const at::Tensor* tensor = environment.handles.peek(toHandle(environment.env, value));
  return tensor == nullptr ? at::Tensor() : *tensor;
}

Instruction::Use plain(size_t argument, std::vector<int32_t> slots) {
  return {argument, false, false, std::move(slots)};
}

// An instruction on one or two tensors that makes none.
Instruction simple(Action action, std::vector<int32_t> slots) {
  Instruction instruction;
  instruction.action = action;
  for (size_t i = 0; i < slots.size(); i++) instruction.uses.push_back(plain(i, {slots[i]}));
  return instruction;
}

std::vector<at::Tensor> tensorsOf(const c10::IValue& list) {
  std::vector<at::Tensor> tensors;
  for (const c10::IValue& element : list.toListRef()) {
    tensors.push_back(element.isNone() ? at::Tensor() : element.toTensor());
  }
  return tensors;
}

}  // namespace

Recorder::Recorder(Environment& environment, const std::vector<at::Tensor>& inputs)
    : environment_(environment), graph_(std::make_unique<Graph>()) {
  TORCH_CHECK(!c10::InferenceMode::is_enabled(), "a step cannot be recorded in inference mode");
  TORCH_CHECK(environment.handles.uses == nullptr, "a step cannot be recorded while asynchronous work is going on");
  graph_->gradMode = c10::GradMode::is_enabled();
  graph_->defaultDtype = at::typeMetaToScalarType(at::get_default_dtype());
  for (const at::Tensor& input : inputs) {
    TORCH_CHECK_NOT_IMPLEMENTED(!input.is_nested(), "nested tensors cannot be recorded");
    const auto known = slots_.find(input.unsafeGetTensorImpl());
    graph_->aliases.push_back(known == slots_.end() ? graph_->inputFacts.size() : static_cast<size_t>(known->second));
    graph_->inputFacts.emplace_back(input);
    const int32_t slot = graph_->slots++;
    slots_.emplace(input.unsafeGetTensorImpl(), slot);
  }
}

void Recorder::refuse(const std::string& what) {
  if (problem_.empty()) problem_ = what;
  TORCH_CHECK(false, what);
}

void refuseWhileRecording(Recorder& recorder, const char* name) {
  recorder.refuse(c10::str(
      "graph.record(): '", name,
      "' cannot be recorded: what it does in JavaScript, or tells JavaScript, would not be done or known in a replay"));
}

int32_t Recorder::use(const at::Tensor& tensor) {
  if (!tensor.defined()) return kNoSlot;
  const auto known = slots_.find(tensor.unsafeGetTensorImpl());
  if (known != slots_.end()) return known->second;
  if (tensor.is_nested()) refuse("nested tensors cannot be recorded");
  const int32_t slot = make(tensor);
  graph_->captured.push_back({tensor, slot, TensorFacts(tensor)});
  return slot;
}

std::vector<int32_t> Recorder::useAll(const std::vector<at::Tensor>& tensors) {
  std::vector<int32_t> slots;
  slots.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) slots.push_back(use(tensor));
  return slots;
}

int32_t Recorder::make(const at::Tensor& tensor) {
  if (!tensor.defined()) return kNoSlot;
  seen_.emplace_back(tensor.getIntrusivePtr());
  const int32_t slot = graph_->slots++;
  slots_[tensor.unsafeGetTensorImpl()] = slot;
  return slot;
}

void Recorder::makeResult(Instruction& instruction, const at::Tensor& tensor) {
  if (tensor.defined() && tensor.is_nested()) refuse("nested tensors cannot be recorded");
  Instruction::Result result;
  result.slots.push_back(make(tensor));
  result.shapes.emplace_back(tensor.defined() ? at::DimVector(tensor.sizes()) : at::DimVector());
  instruction.results.push_back(std::move(result));
}

void Recorder::checkUsable(const char* what) {
  if (inEngine_) refuse(c10::str(what, " in a hook or function that backward() calls cannot be recorded"));
}

void Recorder::noteArguments(Instruction& instruction, const torch::jit::Stack& stack) {
  for (size_t i = 0; i < stack.size(); i++) {
    const c10::IValue& value = stack[i];
    instruction.constants.emplace_back();
    if (value.isTensor()) {
      const at::Tensor& tensor = value.toTensor();
      // A number in a tensor's place, which nobody else holds.
      const bool isNumber =
          tensor.defined() && tensor.unsafeGetTensorImpl()->is_wrapped_number() && tensor.use_count() == 1;
      if (isNumber) {
        instruction.constants.back() = value;
      } else {
        instruction.uses.push_back(plain(i, {use(tensor)}));
      }
    } else if (value.isTensorList() || value.isOptionalTensorList()) {
      instruction.uses.push_back({i, true, value.isOptionalTensorList(), useAll(tensorsOf(value))});
    } else {
      instruction.constants.back() = value;
    }
  }
}

void Recorder::expectLive(double number) { expected_.push_back(number); }

namespace {

bool isNumber(const c10::IValue& value, double number) {
  if (value.isTensor()) return value.toTensor().item().toDouble() == number;
  return value.isScalar() && !value.isBool() && !value.isComplexDouble() && value.toScalar().toDouble() == number;
}

}  // namespace

void Recorder::noteLive(Instruction& instruction) {
  size_t next = 0;
  const auto take = [&](const c10::IValue& value, size_t argument, int32_t element) {
    if (next == expected_.size() || !isNumber(value, expected_[next])) return false;
    instruction.live.push_back({argument, element, graph_->lives++});
    next++;
    return true;
  };
  for (size_t i = 0; i < instruction.constants.size(); i++) {
    c10::IValue& constant = instruction.constants[i];
    if (constant.isList()) {
      const auto elements = constant.toListRef();
      bool isLive = false;
      for (size_t k = 0; k < elements.size(); k++) isLive |= take(elements[k], i, static_cast<int32_t>(k));
      TORCH_INTERNAL_ASSERT(!isLive || next >= elements.size(), "a list is live as a whole");
      if (isLive) constant = c10::IValue(static_cast<int64_t>(elements.size()));
    } else if (take(constant, i, kNoSlot)) {
      constant = c10::IValue();
    }
  }
  if (next != expected_.size()) refuse(c10::str("'", instruction.name(), "' does not take a number that is live"));
  expected_.clear();
}

void Recorder::noteResults(Instruction& instruction, const torch::jit::Stack& stack) {
  for (const c10::IValue& value : stack) {
    if (value.isTensor()) {
      makeResult(instruction, value.toTensor());
    } else if (value.isTensorList()) {
      Instruction::Result all;
      all.isList = true;
      for (const at::Tensor& tensor : tensorsOf(value)) {
        Instruction one;
        makeResult(one, tensor);
        all.slots.push_back(one.results[0].slots[0]);
        all.shapes.push_back(std::move(one.results[0].shapes[0]));
      }
      instruction.results.push_back(std::move(all));
    } else {
      Instruction::Result result;
      result.value = value;
      instruction.results.push_back(std::move(result));
    }
  }
}

void Recorder::perform(const Operator& op, torch::jit::Stack& stack) {
  checkUsable(op.name.c_str());
  if (op.name.rfind("aten::set_", 0) == 0) {
    refuse(c10::str("'", op.name, "' cannot be recorded: it gives a tensor another storage"));
  }
  Instruction instruction;
  instruction.op = &op;
  noteArguments(instruction, stack);
  if (!expected_.empty()) noteLive(instruction);
  performCall(op, stack);
  noteResults(instruction, stack);
  note(std::move(instruction));
}

std::unique_ptr<Graph> Recorder::finish(const std::vector<at::Tensor>& outputs) {
  TORCH_CHECK(problem_.empty(), problem_);
  TORCH_CHECK(environment_.handles.uses == nullptr, "asynchronous work cannot be recorded");
  TORCH_CHECK(c10::GradMode::is_enabled() == graph_->gradMode,
              "the function leaves the recording of gradients switched otherwise than it found it");
  graph_->outputs = useAll(outputs);
  graph_->complete();
  return std::move(graph_);
}

namespace {

// Tensors among the indices go into slots of their own.
void noteIndices(Instruction& instruction, Arguments& arguments, size_t first) {
  instruction.indices = readIndices(arguments, first);
  for (size_t i = 0; i < instruction.indices.size(); i++) {
    if (!instruction.indices[i].is_tensor()) continue;
    instruction.indexSlots.emplace_back(i, arguments.environment.recorder->use(instruction.indices[i].tensor()));
    instruction.indices[i] = at::indexing::TensorIndex(at::Tensor());
  }
}

}  // namespace

template <>
napi_value recorded<getItem>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("at()");
  Instruction instruction = simple(Action::GetItem, {recorder.use(arguments.tensor(0))});
  noteIndices(instruction, arguments, 2);
  const napi_value result = getItem(arguments);
  recorder.makeResult(instruction, given(arguments.environment, result));
  recorder.note(std::move(instruction));
  return result;
}

template <>
napi_value recorded<setItem>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("setAt()");
  const at::Tensor self = arguments.tensor(0);
  Instruction instruction = simple(Action::SetItem, {recorder.use(self)});
  const at::Tensor value = readValue(arguments, self, 1, 2);
  if (arguments.boolean(2)) {
    instruction.uses.push_back(plain(1, {recorder.use(value)}));
  } else {
    instruction.constants.emplace_back(value);
  }
  noteIndices(instruction, arguments, 3);
  setItem(arguments);
  recorder.note(std::move(instruction));
  return nullptr;
}

template <>
napi_value recorded<grad>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("grad");
  Instruction instruction = simple(Action::Grad, {recorder.use(arguments.tensor(0))});
  const napi_value result = grad(arguments);
  recorder.makeResult(instruction, arguments.tensor(0).grad());
  recorder.note(std::move(instruction));
  return result;
}

template <>
napi_value recorded<setGrad>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("grad");
  const int32_t slot = recorder.use(arguments.tensor(0));
  const int32_t gradient = arguments.isNullish(1) ? kNoSlot : recorder.use(arguments.tensor(1));
  setGrad(arguments);
  recorder.note(simple(Action::SetGrad, {slot, gradient}));
  return nullptr;
}

template <>
napi_value recorded<data>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("data");
  Instruction instruction = simple(Action::Data, {recorder.use(arguments.tensor(0))});
  const napi_value result = data(arguments);
  recorder.makeResult(instruction, given(arguments.environment, result));
  recorder.note(std::move(instruction));
  return result;
}

template <>
napi_value recorded<setData>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("data");
  Instruction instruction =
      simple(Action::SetData, {recorder.use(arguments.tensor(0)), recorder.use(arguments.tensor(1))});
  setData(arguments);
  recorder.note(std::move(instruction));
  return nullptr;
}

template <>
napi_value recorded<setRequiresGrad>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("requiresGrad");
  Instruction instruction = simple(Action::SetRequiresGrad, {recorder.use(arguments.tensor(0))});
  instruction.flag = arguments.boolean(1);
  setRequiresGrad(arguments);
  recorder.note(std::move(instruction));
  return nullptr;
}

template <>
napi_value recorded<retainGrad>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("retainGrad()");
  Instruction instruction = simple(Action::RetainGrad, {recorder.use(arguments.tensor(0))});
  retainGrad(arguments);
  recorder.note(std::move(instruction));
  return nullptr;
}

template <>
napi_value recorded<setGradEnabled>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  Instruction instruction;
  instruction.action = Action::SetGradMode;
  instruction.flag = arguments.boolean(0);
  setGradEnabled(arguments);
  recorder.note(std::move(instruction));
  return nullptr;
}

namespace {

std::vector<at::Tensor> optionalTensors(Arguments& arguments, size_t i) {
  return arguments.isNullish(i) ? std::vector<at::Tensor>() : arguments.optionalTensors(i);
}

// What backward and gradients have in common: three lists of tensors and two options.
Instruction engineCall(Arguments& arguments, Action action, const std::vector<at::Tensor>& roots,
                       const std::vector<at::Tensor>& gradients, const std::vector<at::Tensor>& inputs,
                       size_t options) {
  Recorder& recorder = *arguments.environment.recorder;
  recorder.checkUsable("backward()");
  Instruction instruction;
  instruction.action = action;
  instruction.uses = {plain(0, recorder.useAll(roots)), plain(1, recorder.useAll(gradients)),
                      plain(2, recorder.useAll(inputs))};
  if (!arguments.isNullish(options)) instruction.retainGraph = arguments.boolean(options);
  instruction.flag = arguments.boolean(options + 1);
  return instruction;
}

}  // namespace

template <>
napi_value recorded<backward>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  Instruction instruction = engineCall(arguments, Action::Backward, arguments.tensors(0), optionalTensors(arguments, 1),
                                       arguments.tensors(4), 2);
  recorder.runEngine([&] { return backward(arguments); });
  recorder.note(std::move(instruction));
  return nullptr;
}

template <>
napi_value recorded<gradients>(Arguments& arguments) {
  Recorder& recorder = *arguments.environment.recorder;
  Instruction instruction = engineCall(arguments, Action::Gradients, arguments.tensors(0),
                                       optionalTensors(arguments, 2), arguments.tensors(1), 3);
  const napi_value results = recorder.runEngine([&] { return gradients(arguments); });
  const napi_env env = arguments.environment.env;
  for (uint32_t i = 0; i < arrayLength(env, results); i++) {
    recorder.makeResult(instruction, given(arguments.environment, arrayElement(env, results, i)));
  }
  recorder.note(std::move(instruction));
  return results;
}

}  // namespace litorch
