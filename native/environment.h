// Everything the addon knows about one JavaScript environment (the main thread or a worker).
//
// It hangs off the environment's instance data and there are no statics, so that the addon can be loaded by
// several worker threads at once and each of them ends cleanly.
#pragma once

#include "callbacks.h"
#include "handles.h"
#include "operators.h"
#include "sharedTable.h"

#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <node_api.h>

namespace litorch {

class AsyncQueue;
class Recorder;

// References to JavaScript buffers that tensors share memory with. A tensor may die on any thread, a reference may be
// deleted on its environment's thread only: deleters leave it here and the environment collects it.
class BufferReleases {
 public:
  void push(napi_ref reference);
  void drain(napi_env env);
  void close();

 private:
  std::mutex mutex_;
  std::vector<napi_ref> pending_;
  bool closed_ = false;
};

// Collects libtorch's warnings during a call; they reach JavaScript after it.
class WarningBuffer : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override;
  std::vector<std::string> take();
  // What another buffer has collected.
  void append(std::vector<std::string> messages);
  bool empty() const { return messages_.empty(); }

 private:
  std::vector<std::string> messages_;
};

class Environment {
 public:
  explicit Environment(napi_env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // JavaScript functions: (kind, message, operator) => Error, and (message) => void.
  void setCallbacks(napi_value makeError, napi_value warn);
  // Throws into JavaScript. Falls back to a plain Error before the callbacks are set.
  void throwError(const char* kind, const std::string& message, const std::string& op);
  void emitWarnings();

  const napi_env env;
  HandleTable handles;
  OperatorTable operators;
  WarningBuffer warnings;
  const std::shared_ptr<BufferReleases> bufferReleases;
  // For what may outlive the environment: it is gone once this is.
  const std::shared_ptr<Environment*> self;
  CallbackTable callbacks;
  // What it has in common with other threads.
  SharedStorages shared;
  // Nodes of functions whose forward is running, by their callback's number.
  std::unordered_map<uint64_t, GraphNode> pendingFunctions;
  // Tensors whose hooks after accumulation are running.
  std::vector<const at::TensorImpl*> accumulating;
  // Room for an operator's arguments, kept from call to call.
  std::vector<c10::IValue> stack;
  // What reading.cpp shares with JavaScript; the array keeps the memory.
  static constexpr size_t kNumbers = 256;
  double* numbers = nullptr;
  napi_ref numbersArray = nullptr;
  // RAII guards of torch.inferenceMode, innermost last.
  std::vector<std::unique_ptr<c10::InferenceMode>> inferenceModes;
  // Made with the first job. See asyncQueue.h.
  std::unique_ptr<AsyncQueue> async;
  // While a step is recorded. See graphRecorder.h.
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<Recorder> pausedRecorder;

 private:
  napi_ref makeError_ = nullptr;
  napi_ref warn_ = nullptr;
};

}  // namespace litorch
