// Hooks written in JavaScript: of tensors, of leaves after accumulation, and of the graph's functions.
//
// One place of the graph has one JavaScript function, which runs all hooks of that place; JavaScript keeps their list.
#include "functions.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function_hook.h>

namespace litorch {
namespace {

using torch::autograd::variable_list;

class TensorHook : public torch::autograd::FunctionPreHook, public CallsJavaScript {
 public:
  TensorHook(std::unique_ptr<Callback> callback, size_t index) : callback(std::move(callback)), index(index) {}

  variable_list operator()(const variable_list& gradients) override {
    auto result = (*callback)({gradients.at(index)});
    variable_list results = gradients;
    if (result && !result->empty()) results[index] = std::move(result->front());
    return results;
  }

  const std::unique_ptr<Callback> callback;
  const size_t index;
};

class AccumulationHook : public torch::autograd::PostAccumulateGradHook, public CallsJavaScript {
 public:
  AccumulationHook(std::unique_ptr<Callback> callback, Environment& environment)
      : callback(std::move(callback)), environment_(environment.self) {}

  void operator()(const at::Tensor& tensor) override {
    const auto environment = environment_.lock();
    if (!environment) return;
    // For backward, which must not come to this tensor again: libtorch holds its lock.
    auto& accumulating = (*environment)->accumulating;
    accumulating.push_back(tensor.unsafeGetTensorImpl());
    struct Pop {
      std::vector<const at::TensorImpl*>& list;
      ~Pop() { list.pop_back(); }
    } const pop{accumulating};
    (*callback)({tensor});
  }

  const std::unique_ptr<Callback> callback;

 private:
  const std::weak_ptr<Environment*> environment_;
};

class NodePreHook : public torch::autograd::FunctionPreHook, public CallsJavaScript {
 public:
  explicit NodePreHook(std::unique_ptr<Callback> callback) : callback(std::move(callback)) {}

  variable_list operator()(const variable_list& gradients) override {
    auto result = (*callback)(gradients);
    if (result) return std::move(*result);
    return gradients;
  }

  const std::unique_ptr<Callback> callback;
};

class NodePostHook : public torch::autograd::FunctionPostHook, public CallsJavaScript {
 public:
  explicit NodePostHook(std::unique_ptr<Callback> callback) : callback(std::move(callback)) {}

  // What it is called with is one list: the gradients of the inputs, then those of the outputs.
  variable_list operator()(const variable_list& ofInputs, const variable_list& ofOutputs) override {
    variable_list all = ofInputs;
    all.insert(all.end(), ofOutputs.begin(), ofOutputs.end());
    auto result = (*callback)(all);
    if (result) return std::move(*result);
    return ofInputs;
  }

  const std::unique_ptr<Callback> callback;
};

template <typename Hook, typename List, typename Matches>
Callback* findHook(const Environment& environment, const List& hooks, Matches&& matches) {
  for (const auto& hook : hooks) {
    const auto* own = dynamic_cast<const Hook*>(hook.get());
    if (own != nullptr && own->callback->isOf(environment) && matches(*own)) return own->callback.get();
  }
  return nullptr;
}

// What JavaScript gets: the function that is there already, or the new callback's number.
napi_value functionOf(Environment& environment, const Callback& callback) {
  const napi_value function = environment.callbacks.function(callback.id());
  return function == nullptr ? makeNull(environment.env) : function;
}

napi_value numberOf(Environment& environment, const Callback& callback) {
  return makeNumber(environment.env, static_cast<double>(callback.id()));
}

}  // namespace

// (handle, function): the function that runs the tensor's hooks already, or the number of a callback of this one.
napi_value tensorHook(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor& tensor = arguments.tensor(0);
  const GraphNode node = tensor.grad_fn();
  const size_t index = node ? tensor.output_nr() : 0;
  const auto& hooks = node ? node->tensor_pre_hooks() : torch::autograd::impl::hooks(tensor);
  const Callback* found =
      findHook<TensorHook>(environment, hooks, [&](const TensorHook& hook) { return hook.index == index; });
  if (found != nullptr) return functionOf(environment, *found);
  auto callback = environment.callbacks.add(arguments[1]);
  const napi_value number = numberOf(environment, *callback);
  if (node) environment.callbacks.setNode(callback->id(), node);
  auto hook = std::make_unique<TensorHook>(std::move(callback), index);
  if (node) {
    node->add_tensor_pre_hook(std::move(hook));
  } else {
    torch::autograd::impl::add_hook(tensor, std::move(hook));
  }
  return number;
}

// (handle, function): as tensorHook, for hooks after accumulation.
napi_value accumulationHook(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor& tensor = arguments.tensor(0);
  const auto* hook = dynamic_cast<const AccumulationHook*>(torch::autograd::impl::post_acc_grad_hooks(tensor).get());
  if (hook != nullptr && hook->callback->isOf(environment)) return functionOf(environment, *hook->callback);
  auto callback = environment.callbacks.add(arguments[1]);
  const napi_value number = numberOf(environment, *callback);
  torch::autograd::impl::set_post_acc_grad_hooks(tensor,
                                                 std::make_unique<AccumulationHook>(std::move(callback), environment));
  return number;
}

// (handle, path, whether before the node runs, function): as tensorHook, for the node that gradFunction finds.
napi_value nodeHook(Arguments& arguments) {
  Environment& environment = arguments.environment;
  GraphNode node = arguments.tensor(0).grad_fn();
  for (int64_t step : arguments.integers(1)) {
    if (node) node = node->next_edge(static_cast<size_t>(step)).function;
  }
  TORCH_CHECK(node, "the graph has changed since this function was read from it");
  const bool before = arguments.boolean(2);
  const auto all = [](const auto&) { return true; };
  const Callback* found = before ? findHook<NodePreHook>(environment, node->pre_hooks(), all)
                                 : findHook<NodePostHook>(environment, node->post_hooks(), all);
  if (found != nullptr) return functionOf(environment, *found);
  auto callback = environment.callbacks.add(arguments[3]);
  const napi_value number = numberOf(environment, *callback);
  environment.callbacks.setNode(callback->id(), node);
  if (before) {
    node->add_pre_hook(std::make_unique<NodePreHook>(std::move(callback)));
  } else {
    node->add_post_hook(std::make_unique<NodePostHook>(std::move(callback)));
  }
  return number;
}

// (gradient, what a hook gives instead, the hook's name): throws where they don't fit.
napi_value checkHookResult(Arguments& arguments) {
  torch::autograd::check_variable_result(arguments.tensor(0), arguments.tensor(1), arguments.string(2));
  return nullptr;
}

}  // namespace litorch
