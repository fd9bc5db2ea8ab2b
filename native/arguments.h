// Reading a native function's JavaScript arguments, each with a check that names what is wrong.
#pragma once

#include "errors.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <string>
#include <vector>

#include <node_api.h>

namespace litorch {

class Arguments {
 public:
  static constexpr size_t kMost = 64;

  Arguments(napi_env env, napi_callback_info info);

  // Throws ArgumentError where there are more than can be read.
  void checkCount() const;
  size_t count() const { return count_; }
  napi_value operator[](size_t i) const;
  bool isNullish(size_t i) const;
  bool isUndefined(size_t i) const;

  double number(size_t i) const;
  int64_t integer(size_t i) const;
  bool boolean(size_t i) const;
  std::string string(size_t i) const;
  const at::Tensor& tensor(size_t i) const;
  std::vector<at::Tensor> tensors(size_t i) const;
  // As tensors, but 0 stands for an undefined tensor.
  std::vector<at::Tensor> optionalTensors(size_t i) const;
  std::vector<int64_t> integers(size_t i) const;
  std::vector<double> numbers(size_t i) const;

 private:
  // Most calls have few arguments, and Node-API fills what it is given room for.
  static constexpr size_t kUsual = 8;

  Environment& read(napi_env env, napi_callback_info info);

  size_t count_;
  napi_value values_[kMost];

 public:
  // Comes with the function, not from a static. After what is read with it.
  Environment& environment;
};

// Devices cross the boundary as one number: type * 1024 + index + 1.
c10::Device decodeDevice(double code);
double encodeDevice(c10::Device device);

napi_value makeNumber(napi_env env, double value);
napi_value makeBoolean(napi_env env, bool value);
napi_value makeString(napi_env env, const std::string& value);
napi_value makeNull(napi_env env);
// A number where it is exact, a bigint elsewhere.
napi_value makeInteger(napi_env env, int64_t value);
napi_value makeIntegers(napi_env env, at::ArrayRef<int64_t> values);
// An array of what stands for the tensors; see HandleTable::expose.
napi_value exposeTensors(Environment& environment, std::vector<at::Tensor> tensors);

int64_t toInteger(double number);
int64_t toInteger(napi_env env, napi_value value);
double toNumber(napi_env env, napi_value value);
// A handle is what the JavaScript object says it is: anything at all, where somebody has forged one.
double toHandle(napi_env env, napi_value value);
std::string toString(napi_env env, napi_value value);
uint32_t arrayLength(napi_env env, napi_value value);
napi_value arrayElement(napi_env env, napi_value array, uint32_t i);
bool isNullish(napi_env env, napi_value value);

using Body = napi_value (*)(Arguments& arguments);

// The entry point of every native function.
template <Body body>
napi_value entry(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  return guarded(arguments.environment, std::string(), [&] {
    arguments.checkCount();
    return body(arguments);
  });
}

}  // namespace litorch
