// A recorded step: the operators, backward passes and changes of tensors that JavaScript asked for while a function ran
// once, in their order, so that they can be done again without JavaScript.
//
// Each tensor that takes part has a slot. The first slots are the function's inputs; tensors that were there before the
// recording and are no input are captured: the graph owns them. All others are made anew by each replay.
#pragma once

#include "operators.h"

#include <ATen/TensorIndexing.h>
#include <ATen/core/DimVector.h>
#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace litorch {

class Environment;

// What a replay requires of a tensor that it is given, since JavaScript may have acted upon it while recording.
class TensorFacts {
 public:
  explicit TensorFacts(const at::Tensor& tensor);
  bool hold(const at::Tensor& tensor) const;
  // What has changed, for a person; empty where nothing has.
  std::string difference(const TensorFacts& now) const;

 private:
  c10::DispatchKeySet keys_;
  at::ScalarType dtype_;
  c10::Device device_;
  at::DimVector sizes_;
  at::DimVector strides_;  // empty where there are none
  bool requiresGrad_;
  bool isLeaf_;
};

enum class Action {
  Operator,
  GetItem,          // 0: the tensor
  SetItem,          // 0: the tensor, 1: the value
  Grad,             // 0: the tensor
  SetGrad,          // 0: the tensor, 1: the gradient
  Data,             // 0: the tensor
  SetData,          // 0: the tensor, 1: the data
  SetRequiresGrad,  // 0: the tensor
  RetainGrad,       // 0: the tensor
  SetGradMode,
  Backward,   // roots, gradients, inputs
  Gradients,  // outputs, gradients, inputs
};

constexpr int32_t kNoSlot = -1;

struct Instruction {
  // Tensors among the arguments. A list's elements take its place.
  struct Use {
    size_t argument;
    bool isList;
    bool isOptionalList;
    std::vector<int32_t> slots;
  };
  struct Result {
    std::vector<int32_t> slots;         // kNoSlot: an undefined tensor
    std::vector<at::DimVector> shapes;  // of each slot
    std::optional<c10::IValue> value;   // where the result is no tensor
    bool isList = false;
  };

  std::string name() const;
  // What differs from the same instruction of another recording; empty where nothing does.
  std::string difference(const Instruction& other) const;

  Action action = Action::Operator;
  const Operator* op = nullptr;
  // A number among the arguments that JavaScript computes anew for each replay. See lib/graph/live.ts.
  struct Live {
    size_t argument;
    int32_t element;  // of a list, or kNoSlot
    int32_t number;
    bool operator==(const Live&) const = default;
  };

  // Arguments that are no tensors, in their places.
  std::vector<c10::IValue> constants;
  std::vector<Use> uses;
  std::vector<Live> live;
  std::vector<Result> results;
  std::vector<at::indexing::TensorIndex> indices;
  // Of the indices that are tensors, where they are and their slots.
  std::vector<std::pair<size_t, int32_t>> indexSlots;
  std::optional<bool> retainGraph;
  bool flag = false;
  // Slots that nothing needs afterwards.
  std::vector<int32_t> last;
};

struct Captured {
  at::Tensor tensor;
  int32_t slot;
  TensorFacts facts;
  // Of the JavaScript object that stands for it.
  double handle = 0;
};

class Graph {
 public:
  // Everything that a replay relies on; throws where it does not hold.
  void check(Environment& environment, const std::vector<at::Tensor>& inputs) const;
  // `live` gives the numbers that JavaScript computes.
  std::vector<at::Tensor> replay(Environment& environment, const std::vector<at::Tensor>& inputs,
                                 const std::function<double(int32_t)>& live);
  // What differs in another recording of the same function; empty where nothing does.
  std::string difference(const Graph& other) const;
  // Finds where each slot is used last.
  void complete();

  std::vector<Instruction> instructions;
  std::vector<Captured> captured;
  std::vector<TensorFacts> inputFacts;
  // The first input that is the same tensor.
  std::vector<size_t> aliases;
  std::vector<int32_t> outputs;
  int32_t slots = 0;
  int32_t lives = 0;
  bool gradMode = true;
  at::ScalarType defaultDtype = at::kFloat;

 private:
  class Run;
  bool isRunning_ = false;
};

// A number in a tensor's place, which does not take part in type promotion as a tensor would.
at::Tensor wrappedNumber(const at::Scalar& number);

// Whether two values that are no tensors are the same.
bool sameConstant(const c10::IValue& a, const c10::IValue& b);

}  // namespace litorch
