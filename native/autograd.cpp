// Autograd: gradients, leaves, the graph, and the modes.
#include "engine.h"
#include "functions.h"
#include "values.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>

#include <algorithm>

namespace litorch {
namespace {

std::optional<bool> optionalBoolean(Arguments& arguments, size_t i) {
  return arguments.isNullish(i) ? std::nullopt : std::optional<bool>(arguments.boolean(i));
}

// Inside a tensor's hook after accumulation libtorch holds a lock, for which another accumulation would wait for ever.
void checkAccumulating(const Environment& environment, const std::vector<at::Tensor>& roots) {
  const auto& accumulating = environment.accumulating;
  if (accumulating.empty()) return;
  visitGraph(roots, [&](torch::autograd::Node* node) {
    const auto* leaf = dynamic_cast<torch::autograd::AccumulateGrad*>(node);
    if (leaf == nullptr) return;
    const bool isHeld =
        std::find(accumulating.begin(), accumulating.end(), leaf->variable.unsafeGetTensorImpl()) != accumulating.end();
    TORCH_CHECK(!isHeld, "backward() in a hook after accumulation cannot accumulate into the same tensor again");
  });
}

// libtorch takes no gradients at all for "all implicit".
std::vector<at::Tensor> outerGradients(Arguments& arguments, size_t i) {
  return arguments.isNullish(i) ? std::vector<at::Tensor>() : arguments.optionalTensors(i);
}

}  // namespace

napi_value requiresGrad(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).requires_grad());
}

// The checks and messages are those of PyTorch's Python property.
napi_value setRequiresGrad(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  const bool value = arguments.boolean(1);
  TORCH_CHECK(tensor.is_leaf() || value,
              "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
              "subgraph that doesn't require differentiation use var_no_grad = var.detach().");
  TORCH_CHECK(!value || at::isFloatingType(tensor.scalar_type()) || at::isComplexType(tensor.scalar_type()),
              "only Tensors of floating point and complex dtype can require gradients");
  tensor.set_requires_grad(value);
  return nullptr;
}

napi_value isLeaf(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).is_leaf());
}

napi_value grad(Arguments& arguments) {
  HandleTable& handles = arguments.environment.handles;
  const at::Tensor& tensor = arguments.tensor(0);
  if (handles.uses != nullptr) handles.uses->checkGradient(tensor);
  return handles.expose(tensor.grad());
}

napi_value setGrad(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  const TensorUses* uses = arguments.environment.handles.uses;
  if (uses != nullptr) uses->checkGradient(tensor);
  if (arguments.isNullish(1)) {
    tensor.mutable_grad().reset();
    return nullptr;
  }
  const at::Tensor& gradient = arguments.tensor(1);
  TORCH_CHECK_VALUE(!gradient.is_same(tensor), "can't assign Variable as its own grad");
  TORCH_CHECK_VALUE(gradient.scalar_type() == tensor.scalar_type(), "assigned grad has data of a different type");
  TORCH_CHECK_VALUE(gradient.device() == tensor.device(), "assigned grad has data located on a different device");
  TORCH_CHECK_VALUE(gradient.sizes() == tensor.sizes(), "assigned grad has data of a different size");
  tensor.mutable_grad() = gradient;
  return nullptr;
}

napi_value data(Arguments& arguments) {
  return arguments.environment.handles.expose(arguments.tensor(0).variable_data());
}

napi_value setData(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  arguments.environment.handles.checkWrite(tensor);
  const at::Tensor source = arguments.tensor(1);
  tensor.set_data(source);
  arguments.environment.handles.recount(tensor);
  return nullptr;
}

napi_value version(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.tensor(0)._version()));
}

// (tensor, version): what autograd has saved of the tensor at another version can no longer be used.
napi_value setVersion(Arguments& arguments) {
  const at::Tensor& tensor = arguments.tensor(0);
  const int64_t version = arguments.integer(1);
  TORCH_CHECK(version <= UINT32_MAX, "a version has 32 bits");
  // A copy of the counter is the same counter.
  c10::VariableVersion counter = tensor.unsafeGetTensorImpl()->version_counter();
  counter.set_version(version);
  return nullptr;
}

napi_value retainGrad(Arguments& arguments) {
  arguments.tensor(0).retain_grad();
  return nullptr;
}

napi_value retainsGrad(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).retains_grad());
}

// (handle, path): the node reached from the tensor's grad_fn by taking the path's edges, as { name, edges, inputs }:
// an edge is true if a node is there, inputs is how many gradients it gets; null for no node.
napi_value gradFunction(Arguments& arguments) {
  napi_env env = arguments.environment.env;
  const at::Tensor& tensor = arguments.tensor(0);
  // libtorch changed this pointer's type between versions.
  std::decay_t<decltype(tensor.grad_fn())> node = tensor.grad_fn();
  for (int64_t step : arguments.integers(1)) {
    if (!node || step < 0 || step >= static_cast<int64_t>(node->num_outputs())) return makeNull(env);
    node = node->next_edge(static_cast<size_t>(step)).function;
  }
  if (!node) return makeNull(env);
  auto object = Napi::Object::New(env);
  std::string name = node->name();
  // Written in C++, a node's name carries its namespace, which Python leaves out.
  const size_t colon = name.rfind("::");
  object.Set("name", colon == std::string::npos ? name : name.substr(colon + 2));
  auto edges = Napi::Array::New(env);
  for (uint32_t i = 0; i < node->num_outputs(); i++) {
    edges.Set(i, Napi::Boolean::New(env, node->next_edge(i).is_valid()));
  }
  object.Set("edges", edges);
  object.Set("inputs", static_cast<double>(node->num_inputs()));
  return object;
}

// (tensors, gradients or null, retainGraph or null, createGraph, inputs)
napi_value backward(Arguments& arguments) {
  const std::vector<at::Tensor> roots = arguments.tensors(0);
  checkAccumulating(arguments.environment, roots);
  const EngineRun run(arguments.environment);
  torch::autograd::backward(roots, outerGradients(arguments, 1), optionalBoolean(arguments, 2), arguments.boolean(3),
                            arguments.tensors(4));
  return nullptr;
}

// (outputs, inputs, gradients or null, retainGraph or null, createGraph): 0 for an input that is not used.
napi_value gradients(Arguments& arguments) {
  const EngineRun run(arguments.environment);
  const std::vector<at::Tensor> outputs = arguments.tensors(0);
  const std::vector<at::Tensor> inputs = arguments.tensors(1);
  // The checks and messages are those of PyTorch's Python front end.
  for (size_t i = 0; i < outputs.size(); i++) {
    TORCH_CHECK(outputs[i].requires_grad(), "element ", i,
                " of tensors does not require grad and does not have a grad_fn");
  }
  for (const at::Tensor& input : inputs) {
    TORCH_CHECK(input.requires_grad(), "One of the differentiated Tensors does not require grad");
  }
  return exposeTensors(arguments.environment, torch::autograd::grad(outputs, inputs, outerGradients(arguments, 2),
                                                                    optionalBoolean(arguments, 3), arguments.boolean(4),
                                                                    /*allow_unused=*/true));
}

napi_value gradEnabled(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, c10::GradMode::is_enabled());
}

napi_value setGradEnabled(Arguments& arguments) {
  c10::GradMode::set_enabled(arguments.boolean(0));
  return nullptr;
}

napi_value inferenceEnabled(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, c10::InferenceMode::is_enabled());
}

// Gives the depth, by which leaveInference knows what to undo.
napi_value enterInference(Arguments& arguments) {
  auto& modes = arguments.environment.inferenceModes;
  modes.push_back(std::make_unique<c10::InferenceMode>(arguments.boolean(0)));
  return makeNumber(arguments.environment.env, static_cast<double>(modes.size()));
}

napi_value leaveInference(Arguments& arguments) {
  auto& modes = arguments.environment.inferenceModes;
  const int64_t depth = arguments.integer(0);
  while (depth > 0 && modes.size() >= static_cast<size_t>(depth)) modes.pop_back();
  return nullptr;
}

napi_value isInference(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.tensor(0).is_inference());
}

}  // namespace litorch
