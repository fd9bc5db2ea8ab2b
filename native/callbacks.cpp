#include "callbacks.h"

#include "arguments.h"
#include "environment.h"

#include <c10/util/Exception.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

namespace litorch {
namespace {

class HandleScope {
 public:
  explicit HandleScope(napi_env env) : env_(env) { napi_open_handle_scope(env_, &scope_); }
  ~HandleScope() { napi_close_handle_scope(env_, scope_); }
  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  const napi_env env_;
  napi_handle_scope scope_;
};

constexpr const char* kThrown = "error";

[[noreturn]] void throwFromJavaScript(Environment& environment) {
  napi_value error = nullptr;
  bool pending = false;
  napi_is_exception_pending(environment.env, &pending);
  if (pending) napi_get_and_clear_last_exception(environment.env, &error);
  // Without an exception the thread is about to end.
  TORCH_CHECK(error != nullptr, "JavaScript can no longer be called on this thread");
  throw JavaScriptError(environment, error);
}

}  // namespace

void CallbackQueue::pushDead(uint64_t callback) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!closed_) dead_.push_back(callback);
}

void CallbackQueue::pushReference(napi_ref reference) {
  std::lock_guard<std::mutex> lock(mutex_);
  // A closed environment has freed all of its references itself.
  if (!closed_) references_.push_back(reference);
}

void CallbackQueue::take(std::vector<uint64_t>& dead, std::vector<napi_ref>& references) {
  std::lock_guard<std::mutex> lock(mutex_);
  dead.swap(dead_);
  references.swap(references_);
}

void CallbackQueue::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  dead_.clear();
  references_.clear();
}

struct JavaScriptError::Thrown {
  Thrown(std::shared_ptr<CallbackQueue> queue, napi_env env, napi_ref reference)
      : queue(std::move(queue)), env(env), reference(reference) {}
  Thrown(const Thrown&) = delete;
  Thrown& operator=(const Thrown&) = delete;
  ~Thrown() { queue->pushReference(reference); }

  const std::shared_ptr<CallbackQueue> queue;
  const napi_env env;
  const napi_ref reference;
};

JavaScriptError::JavaScriptError(Environment& environment, napi_value error) {
  const napi_env env = environment.env;
  // What is thrown can be anything; a reference is to an object.
  napi_value holder;
  napi_ref reference = nullptr;
  if (napi_create_object(env, &holder) == napi_ok) {
    napi_set_named_property(env, holder, kThrown, error);
    napi_create_reference(env, holder, 1, &reference);
  }
  thrown_ = std::make_shared<Thrown>(environment.callbacks.queue, env, reference);
}

bool JavaScriptError::rethrow(Environment& environment) const {
  if (environment.env != thrown_->env || thrown_->reference == nullptr) return false;
  napi_value holder = nullptr;
  napi_value error = nullptr;
  napi_get_reference_value(environment.env, thrown_->reference, &holder);
  if (holder == nullptr || napi_get_named_property(environment.env, holder, kThrown, &error) != napi_ok) return false;
  return napi_throw(environment.env, error) == napi_ok;
}

Callback::Callback(uint64_t id, Environment& environment)
    : id_(id),
      queue_(environment.callbacks.queue),
      environment_(environment.self),
      thread_(std::this_thread::get_id()) {}

bool Callback::isOf(const Environment& environment) const { return environment_.lock() == environment.self; }

std::optional<std::vector<at::Tensor>> Callback::operator()(const std::vector<at::Tensor>& tensors) const {
  TORCH_CHECK_NOT_IMPLEMENTED(
      std::this_thread::get_id() == thread_,
      "backward reached a JavaScript function on a thread that is not the one it belongs to. Run backward where the "
      "function was applied or the hook was registered, and nest calls of backward less deeply.");
  const auto self = environment_.lock();
  TORCH_CHECK(self != nullptr, "backward reached a JavaScript function of a thread that has ended");
  Environment& environment = **self;
  const napi_env env = environment.env;
  const HandleScope scope(env);
  const napi_value function = environment.callbacks.function(id_);
  TORCH_CHECK(function != nullptr, "the JavaScript function of this part of the graph has been collected");
  napi_value array;
  napi_create_array_with_length(env, tensors.size(), &array);
  for (uint32_t i = 0; i < tensors.size(); i++) {
    napi_set_element(env, array, i, environment.handles.expose(tensors[i]));
  }
  napi_value receiver;
  napi_value result = nullptr;
  napi_get_undefined(env, &receiver);
  // What JavaScript calls may use tensors that only the table holds: nobody may take any from it meanwhile.
  Reclaimer* const reclaimer = setReclaimer(nullptr);
  const napi_status status = napi_call_function(env, receiver, function, 1, &array, &result);
  setReclaimer(reclaimer);
  if (status != napi_ok) throwFromJavaScript(environment);
  // JavaScript may have moved memory that the engine is about to read.
  environment.handles.foreign.checkAll();
  if (isNullish(env, result)) return std::nullopt;
  std::vector<at::Tensor> results;
  const uint32_t length = arrayLength(env, result);
  results.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    const double handle = toHandle(env, arrayElement(env, result, i));
    results.push_back(handle == 0 ? at::Tensor() : environment.handles.get(handle));
  }
  return results;
}

std::unique_ptr<Callback> CallbackTable::add(napi_value function) {
  napi_valuetype type;
  napi_typeof(environment_.env, function, &type);
  if (type != napi_function) throw ArgumentError("expected a function");
  drain();
  const uint64_t id = next_++;
  Entry& entry = entries_[id];
  napi_create_reference(environment_.env, function, 1, &entry.reference);
  return std::make_unique<Callback>(id, environment_);
}

napi_value CallbackTable::function(uint64_t id) const {
  const auto found = entries_.find(id);
  napi_value function = nullptr;
  if (found != entries_.end()) napi_get_reference_value(environment_.env, found->second.reference, &function);
  return function;
}

void CallbackTable::setNode(uint64_t id, const GraphNode& node) {
  Entry& entry = entries_.at(id);
  entry.ofNode = true;
  entry.node.emplace(node);
  entry.nodeAddress = node.get();
}

GraphNode CallbackTable::node(uint64_t id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() || !found->second.node ? GraphNode() : found->second.node->lock();
}

void CallbackTable::setHolders(uint64_t id, std::vector<double> handles) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) found->second.holders = std::move(handles);
}

void CallbackTable::forget(uint64_t id, const Entry& entry) {
  if (entry.strong) return;
  for (const double handle : entry.holders) {
    const auto found = weak_.find(handle);
    if (found == weak_.end()) continue;
    auto& ids = found->second;
    ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
    if (ids.empty()) weak_.erase(found);
  }
}

void CallbackTable::drain() {
  std::vector<uint64_t> dead;
  std::vector<napi_ref> references;
  queue->take(dead, references);
  for (const uint64_t id : dead) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) continue;
    Entry entry = std::move(found->second);
    entries_.erase(found);
    forget(id, entry);
    napi_delete_reference(environment_.env, entry.reference);
  }
  for (const napi_ref reference : references) napi_delete_reference(environment_.env, reference);
}

void CallbackTable::used(double handle) {
  const auto found = weak_.find(handle);
  if (found == weak_.end()) return;
  const std::vector<uint64_t> ids = found->second;
  for (const uint64_t id : ids) {
    Entry& entry = entries_.at(id);
    forget(id, entry);
    uint32_t count;
    napi_reference_ref(environment_.env, entry.reference, &count);
    entry.strong = true;
  }
}

bool CallbackTable::hangsOffObjectsOnly(const Entry& entry) const {
  size_t leading = 0;
  for (const double handle : entry.holders) {
    const at::Tensor* tensor = environment_.handles.peek(handle);
    if (tensor == nullptr || tensor->use_count() != 1) continue;
    const auto* meta = torch::autograd::impl::get_autograd_meta(*tensor);
    if (meta != nullptr && meta->grad_fn_.get() == entry.nodeAddress) leading++;
  }
  if (leading == 0) return false;
  return !entry.ofNode || (entry.node.has_value() && static_cast<size_t>(entry.node->use_count()) == leading);
}

void CallbackTable::swept() {
  drain();
  for (auto& [id, entry] : entries_) {
    if (!entry.strong || !hangsOffObjectsOnly(entry)) continue;
    uint32_t count;
    napi_reference_unref(environment_.env, entry.reference, &count);
    entry.strong = false;
    for (const double handle : entry.holders) {
      weak_[handle].push_back(id);
      environment_.handles.watch(handle);
    }
  }
}

}  // namespace litorch
