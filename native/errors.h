// The boundary: every native function runs inside `guarded`, which turns every C++ exception into a JavaScript error.
#pragma once

#include "environment.h"

#include <string>

namespace litorch {

// A mistake in an argument that the addon itself finds.
class ArgumentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws the exception in flight into JavaScript as the kind of error that fits it. `op` names the operator, or "".
void throwCurrentException(Environment& environment, const std::string& op);

template <typename Body>
napi_value guarded(Environment& environment, const std::string& op, Body&& body) {
  napi_value result = nullptr;
  try {
    result = body();
  } catch (...) {
    throwCurrentException(environment, op);
    result = nullptr;
  }
  environment.emitWarnings();
  return result;
}

}  // namespace litorch
