// Random number generators as JavaScript objects.
#pragma once

#include <ATen/core/Generator.h>

#include <node_api.h>

namespace litorch {

napi_value makeGenerator(napi_env env, at::Generator generator);
// Throws ArgumentError where the value is no generator.
at::Generator toGenerator(napi_env env, napi_value value);

}  // namespace litorch
