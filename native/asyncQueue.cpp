#include "asyncQueue.h"

#include "errors.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>

namespace litorch {

ThreadState::ThreadState() : threads_(at::get_num_threads()) {
  std::fegetenv(&floats_);
  if (at::getAccelerator(false).has_value()) device_ = at::accelerator::getDeviceIndex();
}

const at::ThreadLocalState& ThreadState::apply() const {
  std::fesetenv(&floats_);
  if (at::get_num_threads() != threads_) at::set_num_threads(threads_);
  if (device_) at::accelerator::setDeviceIndex(*device_);
  return libtorch_;
}

void Job::perform() {
  try {
    const at::ThreadLocalStateGuard guard(state_.apply());
    const c10::WarningUtils::WarningHandlerGuard warn(&warnings_);
    run();
  } catch (...) {
    error_ = std::current_exception();
  }
}

napi_value Job::finish(Environment& environment) {
  environment.warnings.append(warnings_.take());
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  return result(environment);
}

AsyncQueue::AsyncQueue(Environment& environment) : environment_(environment) {
  const napi_env env = environment.env;
  thread_ = std::thread([this] { work(); });
  napi_value name;
  napi_create_string_utf8(env, "litorch", NAPI_AUTO_LENGTH, &name);
  const napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this,
                                                             &AsyncQueue::onDone, &notify_);
  if (status != napi_ok) {
    close();
    TORCH_CHECK(false, "asynchronous operations cannot be started on this thread");
  }
  // The process may end while nothing is pending.
  napi_unref_threadsafe_function(env, notify_);
  // These hooks run last first: the thread has ended before the function is gone that it calls.
  napi_add_env_cleanup_hook(env, [](void* queue) { static_cast<AsyncQueue*>(queue)->close(); }, this);
}

double AsyncQueue::submit(std::unique_ptr<Job> job, napi_value settle, const std::vector<napi_value>& buffers) {
  const napi_env env = environment_.env;
  Pending pending;
  const auto refer = [&](napi_value value) {
    napi_ref reference = nullptr;
    if (napi_create_reference(env, value, 1, &reference) == napi_ok) pending.references.push_back(reference);
  };
  refer(settle);
  TORCH_CHECK(!pending.references.empty(), "expected a function");
  for (const napi_value buffer : buffers) refer(buffer);
  const double id = next_++;
  const Claim& claim = job->claim;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    TORCH_CHECK(!closed_, "asynchronous operations can no longer be started: the thread is ending");
    uses_.add(claim);
    waiting_.push_back({id, std::move(job)});
  }
  wake_.notify_one();
  environment_.handles.uses = &uses_;
  if (pending_.empty()) napi_ref_threadsafe_function(env, notify_);
  pending_.emplace(id, std::move(pending));
  return id;
}

bool AsyncQueue::cancel(double id) {
  Numbered found{id, nullptr};
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto position =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Numbered& waiting) { return waiting.id == id; });
    if (position == waiting_.end()) return false;
    found = std::move(*position);
    waiting_.erase(position);
  }
  forget(id, found.job->claim);
  return true;
}

void AsyncQueue::forget(double id, const Claim& claim) {
  const auto found = pending_.find(id);
  for (const napi_ref reference : found->second.references) napi_delete_reference(environment_.env, reference);
  pending_.erase(found);
  uses_.remove(claim);
  if (!pending_.empty()) return;
  environment_.handles.uses = nullptr;
  napi_unref_threadsafe_function(environment_.env, notify_);
}

void AsyncQueue::close() {
  std::deque<Numbered> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void AsyncQueue::work() {
  for (;;) {
    Numbered next;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (closed_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next.job->perform();
    const std::lock_guard<std::mutex> lock(mutex_);
    done_.push_back(std::move(next));
    // Under the lock, so that nobody closes in between.
    if (!closed_) napi_call_threadsafe_function(notify_, nullptr, napi_tsfn_nonblocking);
  }
}

void AsyncQueue::onDone(napi_env env, napi_value, void* context, void*) {
  // Without an environment the thread is ending.
  if (env != nullptr) static_cast<AsyncQueue*>(context)->settle();
}

void AsyncQueue::settle() {
  const napi_env env = environment_.env;
  Numbered done;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (done_.empty()) return;
    done = std::move(done_.front());
    done_.pop_front();
  }
  napi_value function = nullptr;
  napi_value receiver;
  napi_get_reference_value(env, pending_.at(done.id).references.front(), &function);
  napi_get_undefined(env, &receiver);
  forget(done.id, done.job->claim);
  settling_ = std::move(done);
  // The result is made inside it: in the scope of the function that has asked for it.
  napi_call_function(env, receiver, function, 0, nullptr, nullptr);
  settling_.job.reset();
}

std::unique_ptr<Job> AsyncQueue::take(double id) { return settling_.id == id ? std::move(settling_.job) : nullptr; }

}  // namespace litorch
