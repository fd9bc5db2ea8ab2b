// libtorch's process-wide settings, and what the addon was built against.
#include "functions.h"
#include "litorch_build.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

namespace litorch {

napi_value setCallbacks(Arguments& arguments) {
  arguments.environment.setCallbacks(arguments[0], arguments[1]);
  return nullptr;
}

napi_value buildInfo(Arguments& arguments) {
  auto object = Napi::Object::New(arguments.environment.env);
  object.Set("version", LITORCH_TORCH_VERSION);
  object.Set("flavour", LITORCH_TORCH_FLAVOUR);
  object.Set("config", at::show_config());
  return object;
}

napi_value defaultDtype(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(at::get_default_dtype_as_scalartype()));
}

napi_value setDefaultDtype(Arguments& arguments) {
  at::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<at::ScalarType>(arguments.integer(0))));
  return nullptr;
}

napi_value numThreads(Arguments& arguments) { return makeNumber(arguments.environment.env, at::get_num_threads()); }

napi_value setNumThreads(Arguments& arguments) {
  const int64_t threads = arguments.integer(0);
  TORCH_CHECK_VALUE(threads > 0 && threads <= INT_MAX, "set_num_threads expects a positive integer");
  at::set_num_threads(static_cast<int>(threads));
  return nullptr;
}

napi_value numInteropThreads(Arguments& arguments) {
  return makeNumber(arguments.environment.env, at::get_num_interop_threads());
}

napi_value setNumInteropThreads(Arguments& arguments) {
  const int64_t threads = arguments.integer(0);
  TORCH_CHECK_VALUE(threads > 0 && threads <= INT_MAX, "set_num_interop_threads expects a positive integer");
  at::set_num_interop_threads(static_cast<int>(threads));
  return nullptr;
}

napi_value deterministic(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, at::globalContext().deterministicAlgorithms());
}

// (enabled, warnOnly)
napi_value setDeterministic(Arguments& arguments) {
  at::globalContext().setDeterministicAlgorithms(arguments.boolean(0), arguments.boolean(1));
  return nullptr;
}

}  // namespace litorch
