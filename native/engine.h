// Around the autograd engine: what holds while it runs, and walking the graph that it would run.
#pragma once

#include "allocator.h"
#include "environment.h"

#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/variable.h>

#include <unordered_set>
#include <vector>

namespace litorch {

// One run of the engine. JavaScript runs on its own thread only; so, where it may be called, does all of the engine.
class EngineRun {
 public:
  explicit EngineRun(Environment& environment)
      : environment_(environment), multithreading_(state().get_multithreading_enabled()) {
    // The graph reads tensors that it has saved.
    environment.handles.foreign.checkAll();
    environment.callbacks.drain();
    if (!environment.callbacks.empty()) state().set_multithreading_enabled(false);
    // What has failed halfway cannot be tried again: it must find memory while it runs. It holds its tensors.
    reclaimer_ = setReclaimer(&environment.handles);
  }
  ~EngineRun() {
    setReclaimer(reclaimer_);
    state().set_multithreading_enabled(multithreading_);
    environment_.callbacks.drain();
  }
  EngineRun(const EngineRun&) = delete;
  EngineRun& operator=(const EngineRun&) = delete;

 private:
  static c10::AutogradState& state() { return c10::AutogradState::get_tls_state(); }

  Environment& environment_;
  const bool multithreading_;
  Reclaimer* reclaimer_;
};

// Calls `visit` with each node that a backward from the roots comes to, once.
template <typename Visit>
void visitGraph(const std::vector<at::Tensor>& roots, const Visit& visit) {
  using torch::autograd::Node;
  std::vector<Node*> nodes;
  std::unordered_set<Node*> seen;
  const auto add = [&](Node* node) {
    if (node != nullptr && seen.insert(node).second) nodes.push_back(node);
  };
  for (const at::Tensor& root : roots) add(torch::autograd::impl::gradient_edge(root).function.get());
  while (!nodes.empty()) {
    Node* node = nodes.back();
    nodes.pop_back();
    visit(node);
    for (const auto& edge : node->next_edges()) add(edge.function.get());
  }
}

}  // namespace litorch
