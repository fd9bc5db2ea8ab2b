// Work off JavaScript's thread: one queue and one thread for each environment, made with the first job.
//
// Jobs run one at a time in the order in which they came, as on a CUDA stream, so that programs stay deterministic.
// A job's arguments are read on the environment's thread, and what it gives becomes JavaScript's there: the queue's
// thread knows tensors and nothing of JavaScript.
#pragma once

#include "asyncUses.h"
#include "environment.h"

#include <ATen/ThreadLocalState.h>

#include <cfenv>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <node_api.h>

namespace litorch {

// What libtorch keeps for each thread, as it was where the job came from: modes of autograd, the number of threads, how
// floating point numbers are rounded and flushed, the current device.
class ThreadState {
 public:
  ThreadState();
  // Makes it this thread's; what at::ThreadLocalStateGuard sets comes back with the guard.
  const at::ThreadLocalState& apply() const;

 private:
  const at::ThreadLocalState libtorch_;
  const int threads_;
  std::fenv_t floats_;
  std::optional<c10::DeviceIndex> device_;
};

class Job {
 public:
  // `op` names the operator in errors, or is "".
  explicit Job(std::string op = {}) : op(std::move(op)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // On the queue's thread; throws nothing.
  void perform();
  // On the environment's, once that is over: the value. Throws what run has thrown.
  napi_value finish(Environment& environment);

  const std::string op;
  Claim claim;

 protected:
  virtual void run() = 0;
  virtual napi_value result(Environment& environment) = 0;

 private:
  const ThreadState state_;
  WarningBuffer warnings_;
  std::exception_ptr error_;
};

class AsyncQueue {
 public:
  explicit AsyncQueue(Environment& environment);
  ~AsyncQueue() { close(); }
  AsyncQueue(const AsyncQueue&) = delete;
  AsyncQueue& operator=(const AsyncQueue&) = delete;

  // The job's number. `settle` is called once it has ended, and asks for its result; `buffers` are kept until then.
  double submit(std::unique_ptr<Job> job, napi_value settle, const std::vector<napi_value>& buffers);
  // Whether the job had not begun: then it never will, and nothing is called.
  bool cancel(double id);
  // The job that has ended and is being settled; nullptr for any other.
  std::unique_ptr<Job> take(double id);
  // Waits for the job that is running and drops the others.
  void close();

 private:
  struct Pending {
    std::vector<napi_ref> references;  // settle, then buffers
  };
  struct Numbered {
    double id;
    std::unique_ptr<Job> job;
  };

  static void onDone(napi_env env, napi_value, void* context, void*);
  void settle();
  void forget(double id, const Claim& claim);
  void work();

  Environment& environment_;
  napi_threadsafe_function notify_ = nullptr;
  // Of the environment's thread.
  std::unordered_map<double, Pending> pending_;
  TensorUses uses_;
  Numbered settling_{0, nullptr};
  double next_ = 1;
  // Of both.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Numbered> waiting_;
  std::deque<Numbered> done_;
  bool closed_ = false;
  std::thread thread_;
};

// The jobs' own calls are in order anyway: they may name what earlier ones use.
class SuspendUses {
 public:
  explicit SuspendUses(HandleTable& handles) : handles_(handles), uses_(handles.uses) { handles.uses = nullptr; }
  ~SuspendUses() {
    if (handles_.uses == nullptr) handles_.uses = uses_;
  }
  SuspendUses(const SuspendUses&) = delete;
  SuspendUses& operator=(const SuspendUses&) = delete;

 private:
  HandleTable& handles_;
  const TensorUses* const uses_;
};

}  // namespace litorch
