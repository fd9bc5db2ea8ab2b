// The steps of an operator's call, for those that take them at different times.
#pragma once

#include "arguments.h"
#include "operators.h"

#include <ATen/core/stack.h>

namespace litorch {

// The operator that the first argument numbers, and then the arguments from the third on, checked.
void readCall(const Arguments& arguments, const Operator*& op, torch::jit::Stack& stack);
// Calls it: the results take the arguments' place. Whether a tensor that it wrote to has other memory now. On any
// thread.
bool performCall(const Operator& op, torch::jit::Stack& stack);
// Of several new tensors, and of nothing else: their handles into the shared numbers, and how many as the result, for
// which the caller makes objects and gives them to attachAll. False where they are to be exposed as any results.
bool exposeNumbers(Environment& environment, torch::jit::Stack& stack, napi_value& result);
// What JavaScript gets of the results. A single tensor is attached to `object`, and dropped without one.
napi_value exposeResults(Environment& environment, const Operator& op, torch::jit::Stack& stack, napi_value object);

}  // namespace litorch
