// What `torch.memory.debug` remembers: where tensors were made, and where those that can no longer be used were freed.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include <node_api.h>

namespace litorch {

class MemoryDebug {
 public:
  // `stack` gives the place in JavaScript that is running, as a string.
  MemoryDebug(napi_env env, napi_value stack);
  ~MemoryDebug();
  MemoryDebug(const MemoryDebug&) = delete;
  MemoryDebug& operator=(const MemoryDebug&) = delete;

  void made(double handle);
  // Freed by hand or by a scope while JavaScript has the object, whose weak reference is handed over.
  void freed(double handle, napi_ref object, bool byScope);
  // Gone, and nobody can ask any more.
  void forget(double handle);
  // Lets go of what is remembered of tensors whose objects the collector has taken since.
  void swept();

  // Empty where nothing is known.
  std::string whereMade(double handle) const;
  std::string whereFreed(double handle) const;

 private:
  // Loops make many tensors in the same few places.
  using Place = const std::string*;
  struct End {
    napi_ref object;
    Place made;
    Place freed;
    bool byScope;
  };

  Place here();

  const napi_env env_;
  napi_ref stack_ = nullptr;
  std::unordered_set<std::string> places_;
  std::unordered_map<double, Place> made_;
  std::unordered_map<double, End> freed_;
};

}  // namespace litorch
