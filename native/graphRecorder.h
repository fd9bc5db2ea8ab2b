// Recording a step, and what each native function does meanwhile. See graph.h.
#pragma once

#include "arguments.h"
#include "functions.h"
#include "graph.h"

#include <ATen/core/stack.h>

#include <string_view>
#include <unordered_map>

namespace litorch {

class Recorder {
 public:
  Recorder(Environment& environment, const std::vector<at::Tensor>& inputs);

  // Calls an operator and notes it.
  void perform(const Operator& op, torch::jit::Stack& stack);
  // Remembers that the recording has failed, whatever JavaScript does with the error, and throws.
  [[noreturn]] void refuse(const std::string& what);
  // The slot of a tensor that is used; kNoSlot for an undefined one.
  int32_t use(const at::Tensor& tensor);
  std::vector<int32_t> useAll(const std::vector<at::Tensor>& tensors);
  // A slot for a tensor that has been made or looked up.
  int32_t make(const at::Tensor& tensor);
  void makeResult(Instruction& instruction, const at::Tensor& tensor);
  void note(Instruction instruction) { graph_->instructions.push_back(std::move(instruction)); }
  void checkUsable(const char* what);
  // The next operator is to have this number, which JavaScript computes anew for each replay.
  void expectLive(double number);
  // Runs the engine: nothing that it calls back may be recorded.
  template <typename Body>
  auto runEngine(Body&& body) {
    inEngine_ = true;
    struct End {
      bool& flag;
      ~End() { flag = false; }
    } end{inEngine_};
    return body();
  }
  // Throws where the recording has failed.
  std::unique_ptr<Graph> finish(const std::vector<at::Tensor>& outputs);

 private:
  void noteLive(Instruction& instruction);
  void noteArguments(Instruction& instruction, const torch::jit::Stack& stack);
  void noteResults(Instruction& instruction, const torch::jit::Stack& stack);

  Environment& environment_;
  std::unique_ptr<Graph> graph_;
  std::unordered_map<const c10::TensorImpl*, int32_t> slots_;
  // So that no other tensor gets the address of one that has been seen.
  std::vector<c10::weak_intrusive_ptr<c10::TensorImpl>> seen_;
  std::vector<double> expected_;
  std::string problem_;
  bool inEngine_ = false;
};

// What a native function does while a step is recorded.
enum class Rule {
  Refused,   // it would not happen again, or JavaScript would learn what may be otherwise the next time
  Ignored,   // it changes nothing and tells nothing that a replay does not check
  Recorded,  // see `recorded`
};

constexpr Rule ruleOf(std::string_view name) {
  constexpr std::string_view kRecorded[] = {
      "getItem",        "setItem",  "grad",      "setGrad",         "data", "setData", "retainGrad",
      "setGradEnabled", "backward", "gradients", "setRequiresGrad",
  };
  constexpr std::string_view kIgnored[] = {"operatorNames",
                                           "operatorSchema",
                                           "attach",
                                           "release",
                                           "isLive",
                                           "openScope",
                                           "enterScope",
                                           "leaveScope",
                                           "closeScope",
                                           "handOver",
                                           "setScopeFinder",
                                           "keep",
                                           "sweep",
                                           "setCollector",
                                           "releaseMemory",
                                           "memoryStats",
                                           "attachAll",
                                           "detachScope",
                                           "dissolveScope",
                                           "setMemoryDebug",
                                           "liveTensors",
                                           "shape",
                                           "strides",
                                           "dtype",
                                           "device",
                                           "layout",
                                           "numel",
                                           "storageOffset",
                                           "isContiguous",
                                           "isNested",
                                           "sharedNumbers",
                                           "readShape",
                                           "requiresGrad",
                                           "isLeaf",
                                           "retainsGrad",
                                           "gradFunction",
                                           "gradEnabled",
                                           "inferenceEnabled",
                                           "isInference",
                                           "isShared",
                                           "defaultGenerator",
                                           "generatorDevice",
                                           "setCallbacks",
                                           "buildInfo",
                                           "defaultDtype",
                                           "numThreads",
                                           "numInteropThreads",
                                           "deterministic",
                                           "deterministicWarnOnly",
                                           "matmulPrecision",
                                           "warnAlways",
                                           "features",
                                           "pow",
                                           "cos",
                                           "cudaDeviceCount",
                                           "synchronizeDevice",
                                           "currentDevice",
                                           "deviceMemory",
                                           "endRecording",
                                           "abandonRecording",
                                           "pauseRecording",
                                           "expectLive"};
  for (const auto known : kRecorded) {
    if (known == name) return Rule::Recorded;
  }
  for (const auto known : kIgnored) {
    if (known == name) return Rule::Ignored;
  }
  return Rule::Refused;
}

// Calls a native function and notes what it has done.
template <Body body>
napi_value recorded(Arguments& arguments);

template <>
napi_value recorded<getItem>(Arguments& arguments);
template <>
napi_value recorded<setItem>(Arguments& arguments);
template <>
napi_value recorded<grad>(Arguments& arguments);
template <>
napi_value recorded<setGrad>(Arguments& arguments);
template <>
napi_value recorded<data>(Arguments& arguments);
template <>
napi_value recorded<setData>(Arguments& arguments);
template <>
napi_value recorded<setRequiresGrad>(Arguments& arguments);
template <>
napi_value recorded<retainGrad>(Arguments& arguments);
template <>
napi_value recorded<setGradEnabled>(Arguments& arguments);
template <>
napi_value recorded<backward>(Arguments& arguments);
template <>
napi_value recorded<gradients>(Arguments& arguments);

[[noreturn]] void refuseWhileRecording(Recorder& recorder, const char* name);

// A name as a template's argument.
template <size_t N>
struct FunctionName {
  char text[N];
  constexpr FunctionName(const char (&name)[N]) { std::copy_n(name, N, text); }
};

template <Body body, FunctionName name>
napi_value recordable(Arguments& arguments) {
  constexpr Rule rule = ruleOf(name.text);
  if constexpr (rule != Rule::Ignored) {
    Recorder* recorder = arguments.environment.recorder.get();
    if (recorder != nullptr) [[unlikely]] {
      if constexpr (rule == Rule::Recorded) {
        return recorded<body>(arguments);
      } else {
        refuseWhileRecording(*recorder, name.text);
      }
    }
  }
  return body(arguments);
}

}  // namespace litorch
