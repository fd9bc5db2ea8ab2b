// What can be done off JavaScript's thread: one operator, backward, reading elements. See asyncQueue.h.
#include "asyncQueue.h"
#include "bytes.h"
#include "dispatch.h"
#include "engine.h"
#include "functions.h"
#include "graphRecorder.h"
#include "values.h"

#include <torch/csrc/autograd/functions/accumulate_grad.h>

#include <algorithm>

namespace litorch {
namespace {

AsyncQueue& queueOf(Environment& environment) {
  if (!environment.async) environment.async = std::make_unique<AsyncQueue>(environment);
  return *environment.async;
}

void addUses(std::vector<Use>& uses, std::vector<napi_value>& buffers, const Environment& environment,
             const c10::IValue& value) {
  const auto add = [&](const at::Tensor& tensor) {
    if (!tensor.defined()) return;
    uses.emplace_back(tensor);
    if (environment.handles.foreign.empty() || !tensor.has_storage()) return;
    const napi_value buffer = environment.handles.foreign.bufferOf(tensor);
    if (buffer != nullptr) buffers.push_back(buffer);
  };
  if (value.isTensor()) {
    add(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) add(tensor);
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) {
      if (element.isTensor()) add(element.toTensor());
    }
  }
}

// Whether all results are arguments, which the caller has.
bool givesArguments(const c10::FunctionSchema& schema) {
  const auto& returns = schema.returns();
  return !returns.empty() && std::all_of(returns.begin(), returns.end(), [](const c10::Argument& result) {
    return result.alias_info() != nullptr && result.alias_info()->isWrite();
  });
}

class OperatorJob : public Job {
 public:
  OperatorJob(const Operator& op, torch::jit::Stack stack) : Job(op.name), operator_(op), stack_(std::move(stack)) {}

 protected:
  void run() override { moved_ = performCall(operator_, stack_); }

  napi_value result(Environment& environment) override {
    if (givesArguments(operator_.handle.schema())) {
      for (const c10::IValue& value : stack_) {
        if (moved_ && value.isTensor()) environment.handles.recount(value.toTensor());
      }
      return nullptr;
    }
    if (operator_.returnsOneTensor) return environment.handles.expose(std::move(stack_[0]).toTensor());
    return exposeResults(environment, operator_, stack_, nullptr);
  }

 private:
  const Operator& operator_;
  torch::jit::Stack stack_;
  bool moved_ = false;
};

class BackwardJob : public Job {
 public:
  std::vector<at::Tensor> roots;
  std::vector<at::Tensor> gradients;
  std::optional<bool> retainGraph;
  bool createGraph = false;
  std::vector<at::Tensor> inputs;

 protected:
  void run() override {
    torch::autograd::backward(roots, gradients, retainGraph, createGraph, inputs);
    // Gradients and graph go here, and not on the thread that must not wait.
    gradients.clear();
    roots.clear();
  }
  napi_value result(Environment&) override { return nullptr; }
};

class ItemJob : public Job {
 public:
  explicit ItemJob(at::Tensor tensor) : tensor_(std::move(tensor)) {}

 protected:
  void run() override { scalar_ = tensor_.item(); }
  napi_value result(Environment& environment) override { return makeScalar(environment.env, scalar_); }

 private:
  const at::Tensor tensor_;
  at::Scalar scalar_;
};

class ReadJob : public Job {
 public:
  ReadJob(at::Tensor source, Bytes target, at::ScalarType type)
      : source_(std::move(source)), target_(target), type_(type) {}

 protected:
  void run() override { copyBytes(source_, target_, type_); }
  napi_value result(Environment&) override { return nullptr; }

 private:
  const at::Tensor source_;
  const Bytes target_;
  const at::ScalarType type_;
};

// JavaScript runs on its own thread only. The graph is looked at where it is made, so nothing changes it meanwhile.
void claimGraph(BackwardJob& job, const Environment& environment) {
  bool callsJavaScript = false;
  const auto look = [&](const auto& hooks) {
    for (const auto& hook : hooks) callsJavaScript |= dynamic_cast<const CallsJavaScript*>(hook.get()) != nullptr;
  };
  const bool mayCall = !environment.callbacks.empty();
  visitGraph(job.roots, [&](torch::autograd::Node* node) {
    const auto* leaf = dynamic_cast<torch::autograd::AccumulateGrad*>(node);
    if (leaf != nullptr) {
      job.claim.leaves.emplace_back(leaf->variable);
      // Where another job is at the gradient, that one has claimed it.
      const TensorUses* uses = environment.handles.uses;
      const bool isBusy = uses != nullptr && uses->accumulates(leaf->variable);
      if (!isBusy && leaf->variable.grad().defined()) job.claim.written.emplace_back(leaf->variable.grad());
    }
    if (mayCall) {
      callsJavaScript |= dynamic_cast<const CallsJavaScript*>(node) != nullptr;
      look(node->tensor_pre_hooks());
      look(node->pre_hooks());
      look(node->post_hooks());
      if (leaf != nullptr) {
        callsJavaScript |= dynamic_cast<const CallsJavaScript*>(
                               torch::autograd::impl::post_acc_grad_hooks(leaf->variable).get()) != nullptr;
      }
    }
  });
  TORCH_CHECK_NOT_IMPLEMENTED(!callsJavaScript,
                              "backwardAsync(): the graph calls JavaScript (a hook, or a function derived from "
                              "torch.autograd.Function), which runs on its own thread only. Use backward().");
  job.claim.isBackward = true;
}

}  // namespace

// (operator, settle, ...arguments)
napi_value submitOperator(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Environment& environment = arguments.environment;
  const Operator* op = nullptr;
  napi_value result = nullptr;
  try {
    if (environment.recorder != nullptr) refuseWhileRecording(*environment.recorder, "submitOperator");
    const SuspendUses suspended(environment.handles);
    torch::jit::Stack stack;
    readCall(arguments, op, stack);
    environment.handles.beforeCall();
    TORCH_CHECK_NOT_IMPLEMENTED(op->name.rfind("aten::set_", 0) != 0,
                                "what gives a tensor other memory cannot run asynchronously");
    Claim claim;
    std::vector<napi_value> buffers;
    for (size_t i = 0; i < stack.size(); i++) {
      const bool isWritten = std::find(op->written.begin(), op->written.end(), i) != op->written.end();
      addUses(isWritten ? claim.written : claim.read, buffers, environment, stack[i]);
    }
    auto job = std::make_unique<OperatorJob>(*op, std::move(stack));
    job->claim = std::move(claim);
    result = makeNumber(env, queueOf(environment).submit(std::move(job), arguments[1], buffers));
  } catch (...) {
    throwCurrentException(environment, op == nullptr ? std::string() : op->name);
    result = nullptr;
  }
  environment.emitWarnings();
  return result;
}

// (settle, tensors, gradients or null, retainGraph or null, createGraph, inputs)
napi_value submitBackward(Arguments& arguments) {
  Environment& environment = arguments.environment;
  environment.callbacks.drain();
  environment.handles.foreign.checkAll();
  auto job = std::make_unique<BackwardJob>();
  job->roots = arguments.tensors(1);
  if (!arguments.isNullish(2)) job->gradients = arguments.optionalTensors(2);
  if (!arguments.isNullish(3)) job->retainGraph = arguments.boolean(3);
  job->createGraph = arguments.boolean(4);
  job->inputs = arguments.tensors(5);
  claimGraph(*job, environment);
  for (const at::Tensor& input : job->inputs) job->claim.leaves.emplace_back(input);
  for (const at::Tensor& gradient : job->gradients) {
    if (gradient.defined()) job->claim.read.emplace_back(gradient);
  }
  // The graph may have saved any of them.
  const std::vector<napi_value> buffers = environment.handles.foreign.buffers();
  return makeNumber(environment.env, queueOf(environment).submit(std::move(job), arguments[0], buffers));
}

// (settle, handle)
napi_value submitItem(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const SuspendUses suspended(environment.handles);
  const at::Tensor& tensor = arguments.tensor(1);
  auto job = std::make_unique<ItemJob>(tensor);
  std::vector<napi_value> buffers;
  addUses(job->claim.read, buffers, environment, tensor);
  return makeNumber(environment.env, queueOf(environment).submit(std::move(job), arguments[0], buffers));
}

// (settle, handle, typed array, dtype): as readBytes.
napi_value submitRead(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const SuspendUses suspended(environment.handles);
  const at::Tensor& tensor = arguments.tensor(1);
  const Bytes target = typedArrayBytes(environment.env, arguments[2]);
  auto job = std::make_unique<ReadJob>(tensor, target, scalarType(arguments.integer(3)));
  std::vector<napi_value> buffers{arguments[2]};
  addUses(job->claim.read, buffers, environment, tensor);
  return makeNumber(environment.env, queueOf(environment).submit(std::move(job), arguments[0], buffers));
}

// (number): inside settle, what the call itself would give; undefined for what is written in place. Throws what the
// job has thrown.
napi_value jobResult(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Environment& environment = arguments.environment;
  std::unique_ptr<Job> job;
  napi_value result = nullptr;
  try {
    if (environment.async) job = environment.async->take(arguments.number(0));
    if (job == nullptr) throw ArgumentError("not a job that has just ended");
    result = job->finish(environment);
  } catch (...) {
    throwCurrentException(environment, job == nullptr ? std::string() : job->op);
    result = nullptr;
  }
  // Its tensors go before JavaScript goes on.
  job.reset();
  environment.callbacks.drain();
  environment.emitWarnings();
  return result;
}

napi_value cancelJob(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const bool cancelled = environment.async && environment.async->cancel(arguments.number(0));
  return makeBoolean(environment.env, cancelled);
}

napi_value endJobs(Arguments& arguments) {
  if (arguments.environment.async) arguments.environment.async->close();
  return nullptr;
}

}  // namespace litorch
