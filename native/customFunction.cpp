// Functions of the autograd graph whose backward is written in JavaScript: torch.autograd.Function.
#include "functions.h"

#include <ATen/DeviceGuard.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <unordered_set>

namespace litorch {
namespace {

using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

// As PyTorch's own node for functions written in Python.
class CustomNode : public torch::autograd::Node, public CallsJavaScript {
 public:
  CustomNode(std::string name, std::unique_ptr<Callback> callback)
      : name_(std::move(name)), callback_(std::move(callback)) {}

  std::string name() const override { return name_; }

  void release_variables() override {
    saved_.clear();
    freed_ = true;
  }

  // Of newer libtorch's nodes, which may be gone before their memory is; older ones have nothing to override.
  void release_resources() {  // NOLINT(modernize-use-override)
    [](auto* self) {
      if constexpr (requires { self->torch::autograd::Node::release_resources(); }) {
        self->torch::autograd::Node::release_resources();
      }
    }(this);
    saved_.clear();
    outputs_.clear();
    callback_.reset();
  }

  void setOutputs(std::vector<torch::autograd::VariableInfo> outputs, bool materialize) {
    outputs_ = std::move(outputs);
    materialize_ = materialize;
  }

  void save(std::vector<SavedVariable> saved) { saved_ = std::move(saved); }

  variable_list unpackSaved(const GraphNode& self) const {
    TORCH_CHECK(!freed_, torch::autograd::ERR_BACKWARD_TWICE);
    variable_list tensors;
    for (const SavedVariable& saved : saved_) tensors.push_back(saved.unpack(self));
    return tensors;
  }

 protected:
  variable_list apply(variable_list&& gradients) override {
    at::OptionalDeviceGuard device;
    for (size_t i = 0; i < gradients.size(); i++) {
      if (!gradients[i].defined() && materialize_) gradients[i] = outputs_.at(i).zeros(device);
    }
    const variable_list given = std::move(gradients);
    auto results = (*callback_)(given);
    TORCH_CHECK(results.has_value(), "function ", name_, " returned no gradients");
    return std::move(*results);
  }

 private:
  const std::string name_;
  std::unique_ptr<Callback> callback_;
  std::vector<torch::autograd::VariableInfo> outputs_;
  std::vector<SavedVariable> saved_;
  bool materialize_ = true;
  bool freed_ = false;
};

template <typename Pointer>
struct Maker;
template <typename T>
struct Maker<std::shared_ptr<T>> {
  template <typename U, typename... Args>
  static std::shared_ptr<U> make(Args&&... args) {
    return std::make_shared<U>(std::forward<Args>(args)...);
  }
};
template <typename T>
struct Maker<c10::intrusive_ptr<T>> {
  template <typename U, typename... Args>
  static c10::intrusive_ptr<U> make(Args&&... args) {
    return c10::make_intrusive<U>(std::forward<Args>(args)...);
  }
};
using NodeMaker = Maker<GraphNode>;

uint64_t callbackId(Arguments& arguments, size_t i) { return static_cast<uint64_t>(arguments.integer(i)); }

std::unordered_set<at::TensorImpl*> implsOf(const std::vector<at::Tensor>& tensors) {
  std::unordered_set<at::TensorImpl*> impls;
  for (const at::Tensor& tensor : tensors) {
    if (tensor.defined()) impls.insert(tensor.unsafeGetTensorImpl());
  }
  return impls;
}

napi_value exposeAll(Environment& environment, const std::vector<at::Tensor>& tensors) {
  napi_value array;
  napi_create_array_with_length(environment.env, tensors.size(), &array);
  for (uint32_t i = 0; i < tensors.size(); i++) {
    napi_set_element(environment.env, array, i, environment.handles.expose(tensors[i]));
  }
  return array;
}

}  // namespace

// (name, inputs, backward): a node with edges to where the inputs come from, before forward can change that; a number
// for it. It lives until finishFunction.
napi_value beginFunction(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const std::vector<at::Tensor> inputs = arguments.tensors(1);
  auto callback = environment.callbacks.add(arguments[2]);
  const uint64_t id = callback->id();
  auto node = NodeMaker::make<CustomNode>(arguments.string(0), std::move(callback));
  torch::autograd::edge_list edges;
  for (const at::Tensor& input : inputs) edges.push_back(torch::autograd::impl::gradient_edge(input));
  node->set_next_edges(std::move(edges));
  environment.callbacks.setNode(id, node);
  environment.pendingFunctions.emplace(id, std::move(node));
  return makeNumber(environment.env, static_cast<double>(id));
}

// (id or 0, inputs, raw outputs, non-differentiable outputs, dirty inputs, tensors to save, whether there is a
// setupContext, whether missing gradients become zeros): the outputs with their history. 0 stands for an output that is
// no tensor, and for null among what is saved.
napi_value finishFunction(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const uint64_t id = callbackId(arguments, 0);
  GraphNode node;
  if (const auto pending = environment.pendingFunctions.find(id); pending != environment.pendingFunctions.end()) {
    node = std::move(pending->second);
    environment.pendingFunctions.erase(pending);
  }
  const std::vector<at::Tensor> inputs = arguments.tensors(1);
  const std::vector<at::Tensor> raw = arguments.optionalTensors(2);
  const auto fixed = implsOf(arguments.tensors(3));
  const std::vector<at::Tensor> dirty = arguments.tensors(4);
  const std::vector<at::Tensor> toSave = arguments.optionalTensors(5);
  const bool hasSetup = arguments.boolean(6);
  if (node) node->clear_input_metadata();
  std::vector<std::optional<at::Tensor>> outputs;
  outputs.reserve(raw.size());
  for (const at::Tensor& output : raw) {
    outputs.push_back(output.defined() ? std::make_optional(output) : std::nullopt);
  }
  for (const at::Tensor& tensor : dirty) torch::autograd::impl::bump_version(tensor);
  const auto noForwardMode = [](const variable_list&, const variable_list&) -> variable_list {
    TORCH_CHECK_NOT_IMPLEMENTED(false, "functions written in JavaScript have no forward-mode derivative");
  };
  const auto wrapped = torch::autograd::_wrap_outputs(
      inputs, fixed, implsOf(dirty), outputs, node, noForwardMode,
      hasSetup ? implsOf(toSave) : std::unordered_set<at::TensorImpl*>(),
      [](const at::Tensor& tensor) { return tensor.view_as(tensor); }, /*pure_view=*/false);
  std::vector<at::Tensor> results;
  results.reserve(wrapped.size());
  for (const auto& output : wrapped) results.push_back(output.value_or(at::Tensor()));
  if (node) {
    auto& custom = static_cast<CustomNode&>(*node);
    std::vector<torch::autograd::VariableInfo> infos;
    for (const at::Tensor& result : results) {
      if (!result.defined()) {
        infos.emplace_back();
        continue;
      }
      const bool differentiable =
          fixed.count(result.unsafeGetTensorImpl()) == 0 && torch::autograd::isDifferentiableType(result.scalar_type());
      infos.emplace_back(result, differentiable && results.size() > 1 && result.is_nested());
    }
    custom.setOutputs(std::move(infos), arguments.boolean(7));
    // After the outputs have their history, which what is saved of them has too.
    const auto outputImpls = implsOf(results);
    std::vector<SavedVariable> saved;
    for (const at::Tensor& tensor : toSave) {
      if (tensor.defined()) {
        saved.emplace_back(tensor, outputImpls.count(tensor.unsafeGetTensorImpl()) > 0);
      } else {
        saved.emplace_back();
      }
    }
    custom.save(std::move(saved));
  }
  return exposeAll(environment, results);
}

// (id): forward has failed.
napi_value abandonFunction(Arguments& arguments) {
  arguments.environment.pendingFunctions.erase(callbackId(arguments, 0));
  return nullptr;
}

// (id, handles): the tensors whose objects hold the JavaScript function.
napi_value holdCallback(Arguments& arguments) {
  CallbackTable& callbacks = arguments.environment.callbacks;
  std::vector<double> handles;
  const napi_value array = arguments[1];
  const uint32_t length = arrayLength(arguments.environment.env, array);
  handles.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    handles.push_back(toHandle(arguments.environment.env, arrayElement(arguments.environment.env, array, i)));
  }
  callbacks.setHolders(callbackId(arguments, 0), std::move(handles));
  return nullptr;
}

// (id): what saveForBackward has saved.
napi_value savedTensors(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const uint64_t id = callbackId(arguments, 0);
  // Forward itself finds nothing saved.
  if (environment.pendingFunctions.count(id) > 0) return exposeAll(environment, {});
  const GraphNode node = environment.callbacks.node(id);
  TORCH_CHECK(node, torch::autograd::ERR_BACKWARD_TWICE);
  return exposeAll(environment, static_cast<const CustomNode&>(*node).unpackSaved(node));
}

// (message, tensors): the same tensors, whose gradients cannot be asked for.
napi_value delayedError(Arguments& arguments) {
  const std::vector<at::Tensor> tensors = arguments.optionalTensors(1);
  auto node = NodeMaker::make<torch::autograd::DelayedError>(arguments.string(0), static_cast<int64_t>(tensors.size()));
  variable_list inputs = tensors;
  return exposeAll(arguments.environment, (*node)(std::move(inputs)));
}

}  // namespace litorch
