// JavaScript functions that the autograd graph calls: hooks, and the backward of functions written in JavaScript.
//
// The graph must keep such a function, and the function may keep a tensor that keeps the graph: a circle which neither
// side can see as a whole. So each function also hangs, in JavaScript, off the objects of the tensors that lead to it
// in the graph, its holders. While nothing but these objects leads there, the graph's own reference is weak, and the
// collector can take objects and function together. That is looked at whenever the table has been swept. The next use
// of a holder may tie the graph to something else, so it makes the reference strong again.
//
// What the graph owns may die on any thread, and after its environment: it leaves its number in a queue.
#pragma once

#include "handles.h"

#include <c10/util/flat_hash_map.h>
#include <torch/csrc/autograd/function.h>

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include <node_api.h>

namespace litorch {

class Environment;

// libtorch changed this pointer's type between versions.
using GraphNode = std::decay_t<decltype(std::declval<const at::Tensor&>().grad_fn())>;

template <typename Pointer>
struct WeakPointerOf;
template <typename T>
struct WeakPointerOf<std::shared_ptr<T>> {
  using type = std::weak_ptr<T>;
};
template <typename T>
struct WeakPointerOf<c10::intrusive_ptr<T>> {
  using type = c10::weak_intrusive_ptr<T>;
};

// What threads may leave for the environment's own thread.
class CallbackQueue {
 public:
  void pushDead(uint64_t callback);
  void pushReference(napi_ref reference);
  void take(std::vector<uint64_t>& dead, std::vector<napi_ref>& references);
  void close();

 private:
  std::mutex mutex_;
  std::vector<uint64_t> dead_;
  std::vector<napi_ref> references_;
  bool closed_ = false;
};

// What JavaScript threw inside a callback, on its way through libtorch to the call that has come from JavaScript.
class JavaScriptError : public std::exception {
 public:
  JavaScriptError(Environment& environment, napi_value error);
  const char* what() const noexcept override { return "a JavaScript callback has thrown"; }
  // Throws it into JavaScript again, the same value. False where `environment` is not the one that it is of.
  bool rethrow(Environment& environment) const;

 private:
  struct Thrown;
  std::shared_ptr<Thrown> thrown_;
};

// The graph's hold on a JavaScript function, which is called with an array of tensors (0 for none) and gives an array
// of handles (0 for none) or undefined.
class Callback {
 public:
  Callback(uint64_t id, Environment& environment);
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() { queue_->pushDead(id_); }

  // Throws JavaScriptError, and NotImplementedError on another thread than the environment's.
  std::optional<std::vector<at::Tensor>> operator()(const std::vector<at::Tensor>& tensors) const;
  uint64_t id() const { return id_; }
  bool isOf(const Environment& environment) const;

 private:
  const uint64_t id_;
  const std::shared_ptr<CallbackQueue> queue_;
  const std::weak_ptr<Environment*> environment_;
  const std::thread::id thread_;
};

// What in the graph calls JavaScript: a node or a hook.
struct CallsJavaScript {
  virtual ~CallsJavaScript() = default;
};

class CallbackTable final : public HandleObserver {
 public:
  explicit CallbackTable(Environment& environment) : environment_(environment) {}
  CallbackTable(const CallbackTable&) = delete;
  CallbackTable& operator=(const CallbackTable&) = delete;

  std::unique_ptr<Callback> add(napi_value function);
  // The function; nullptr where the graph no longer has it.
  napi_value function(uint64_t id) const;
  // The callback is of this node, or of the leaves themselves where there is none.
  void setNode(uint64_t id, const GraphNode& node);
  GraphNode node(uint64_t id) const;
  void setHolders(uint64_t id, std::vector<double> handles);
  bool empty() const { return entries_.empty(); }
  void drain();
  void close() { queue->close(); }

  void used(double handle) override;
  bool isWaiting() const override { return !entries_.empty(); }
  void swept() override;

  const std::shared_ptr<CallbackQueue> queue = std::make_shared<CallbackQueue>();

 private:
  struct Entry {
    napi_ref reference;
    bool strong = true;
    bool ofNode = false;
    std::optional<WeakPointerOf<GraphNode>::type> node;
    const void* nodeAddress = nullptr;
    std::vector<double> holders;
  };

  bool hangsOffObjectsOnly(const Entry& entry) const;
  void forget(uint64_t id, const Entry& entry);

  Environment& environment_;
  std::unordered_map<uint64_t, Entry> entries_;
  // Of each holder the callbacks whose reference is weak.
  std::unordered_map<double, std::vector<uint64_t>> weak_;
  uint64_t next_ = 1;
};

}  // namespace litorch
