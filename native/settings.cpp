// More of libtorch's process-wide settings: precision, denormal numbers, warnings, and what it was built with.
#include "functions.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>

namespace litorch {
namespace {

const char* nameOf(at::Float32MatmulPrecision precision) {
  switch (precision) {
    case at::Float32MatmulPrecision::HIGHEST:
      return "highest";
    case at::Float32MatmulPrecision::HIGH:
      return "high";
    case at::Float32MatmulPrecision::MEDIUM:
      return "medium";
  }
  return "highest";
}

}  // namespace

napi_value matmulPrecision(Arguments& arguments) {
  return makeString(arguments.environment.env, nameOf(at::globalContext().float32MatmulPrecision()));
}

napi_value setMatmulPrecision(Arguments& arguments) {
  at::globalContext().setFloat32MatmulPrecision(arguments.string(0));
  return nullptr;
}

// Gives whether the processor can do it.
napi_value setFlushDenormal(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, at::globalContext().setFlushDenormal(arguments.boolean(0)));
}

napi_value deterministicWarnOnly(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, at::globalContext().deterministicAlgorithmsWarnOnly());
}

napi_value warnAlways(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, c10::WarningUtils::get_warnAlways());
}

napi_value setWarnAlways(Arguments& arguments) {
  c10::WarningUtils::set_warnAlways(arguments.boolean(0));
  return nullptr;
}

napi_value features(Arguments& arguments) {
  auto object = Napi::Object::New(arguments.environment.env);
  object.Set("mkl", at::hasMKL());
  object.Set("lapack", at::hasLAPACK());
  object.Set("mkldnn", at::hasMKLDNN());
  object.Set("openmp", at::hasOpenMP());
  object.Set("cpuCapability", at::get_cpu_capability());
  return object;
}

}  // namespace litorch
