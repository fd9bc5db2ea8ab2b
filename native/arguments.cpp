#include "arguments.h"

#include <ATen/Context.h>

#include <cmath>
#include <limits>

namespace litorch {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

[[noreturn]] void fail(const std::string& what) { throw ArgumentError(what); }

}  // namespace

Arguments::Arguments(napi_env env, napi_callback_info info) : environment(read(env, info)) {}

Environment& Arguments::read(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  count_ = kUsual;
  napi_get_cb_info(env, info, &count_, values_, nullptr, &data);
  if (count_ > kUsual) {
    size_t room = kMost;
    napi_get_cb_info(env, info, &room, values_, nullptr, nullptr);
  }
  return *static_cast<Environment*>(data);
}

void Arguments::checkCount() const {
  if (count_ > kMost) fail("too many arguments");
}

napi_value Arguments::operator[](size_t i) const {
  if (i >= count_) fail("argument " + std::to_string(i + 1) + " is missing");
  return values_[i];
}

bool Arguments::isNullish(size_t i) const { return i >= count_ || litorch::isNullish(environment.env, values_[i]); }

bool Arguments::isUndefined(size_t i) const {
  if (i >= count_) return true;
  napi_valuetype type;
  napi_typeof(environment.env, values_[i], &type);
  return type == napi_undefined;
}

double Arguments::number(size_t i) const { return toNumber(environment.env, (*this)[i]); }

int64_t Arguments::integer(size_t i) const { return toInteger(environment.env, (*this)[i]); }

bool Arguments::boolean(size_t i) const {
  bool value;
  if (napi_get_value_bool(environment.env, (*this)[i], &value) != napi_ok) fail("expected a boolean");
  return value;
}

std::string Arguments::string(size_t i) const { return toString(environment.env, (*this)[i]); }

const at::Tensor& Arguments::tensor(size_t i) const {
  return environment.handles.get(toHandle(environment.env, (*this)[i]));
}

std::vector<at::Tensor> Arguments::tensors(size_t i) const {
  const napi_value array = (*this)[i];
  const uint32_t length = arrayLength(environment.env, array);
  std::vector<at::Tensor> result;
  result.reserve(length);
  for (uint32_t k = 0; k < length; k++) {
    result.push_back(environment.handles.get(toHandle(environment.env, arrayElement(environment.env, array, k))));
  }
  return result;
}

std::vector<at::Tensor> Arguments::optionalTensors(size_t i) const {
  const napi_value array = (*this)[i];
  const uint32_t length = arrayLength(environment.env, array);
  std::vector<at::Tensor> result;
  result.reserve(length);
  for (uint32_t k = 0; k < length; k++) {
    const double handle = toHandle(environment.env, arrayElement(environment.env, array, k));
    result.push_back(handle == 0 ? at::Tensor() : environment.handles.get(handle));
  }
  return result;
}

namespace {

template <typename Convert>
auto readList(napi_env env, napi_value array, const Convert& convert) {
  const uint32_t length = arrayLength(env, array);
  std::vector<decltype(convert(array))> result;
  result.reserve(length);
  for (uint32_t k = 0; k < length; k++) result.push_back(convert(arrayElement(env, array, k)));
  return result;
}

}  // namespace

std::vector<int64_t> Arguments::integers(size_t i) const {
  return readList(environment.env, (*this)[i], [&](napi_value item) { return toInteger(environment.env, item); });
}

std::vector<double> Arguments::numbers(size_t i) const {
  return readList(environment.env, (*this)[i], [&](napi_value item) { return toNumber(environment.env, item); });
}

c10::Device decodeDevice(double code) {
  const auto bits = static_cast<int64_t>(code);
  const int64_t type = bits / 1024;
  const int64_t index = bits % 1024 - 1;
  if (code != std::floor(code) || type < 0 || type >= c10::COMPILE_TIME_MAX_DEVICE_TYPES || index < -1 || index > 127) {
    fail("not a device");
  }
  const c10::Device device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
  // As PyTorch's Python front end says it; libtorch's own message would list its dispatch table.
  TORCH_CHECK(!device.is_cuda() || at::hasCUDA(), "Torch not compiled with CUDA enabled");
  return device;
}

double encodeDevice(c10::Device device) {
  return static_cast<double>(static_cast<int64_t>(device.type()) * 1024 + device.index() + 1);
}

napi_value makeNumber(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

napi_value makeBoolean(napi_env env, bool value) {
  napi_value result;
  napi_get_boolean(env, value, &result);
  return result;
}

napi_value makeString(napi_env env, const std::string& value) {
  napi_value result;
  napi_create_string_utf8(env, value.data(), value.size(), &result);
  return result;
}

napi_value makeNull(napi_env env) {
  napi_value result;
  napi_get_null(env, &result);
  return result;
}

napi_value makeInteger(napi_env env, int64_t value) {
  napi_value result;
  if (std::abs(static_cast<double>(value)) <= kMaxSafeInteger) {
    napi_create_double(env, static_cast<double>(value), &result);
  } else {
    napi_create_bigint_int64(env, value, &result);
  }
  return result;
}

napi_value makeIntegers(napi_env env, at::ArrayRef<int64_t> values) {
  napi_value result;
  napi_create_array_with_length(env, values.size(), &result);
  for (uint32_t i = 0; i < values.size(); i++) napi_set_element(env, result, i, makeInteger(env, values[i]));
  return result;
}

napi_value exposeTensors(Environment& environment, std::vector<at::Tensor> tensors) {
  napi_value array;
  napi_create_array_with_length(environment.env, tensors.size(), &array);
  for (uint32_t i = 0; i < tensors.size(); i++) {
    napi_set_element(environment.env, array, i, environment.handles.expose(std::move(tensors[i])));
  }
  return array;
}

int64_t toInteger(double number) {
  // Beyond 2^53 a number no longer says which integer is meant.
  if (!(std::abs(number) <= kMaxSafeInteger) || number != std::floor(number)) {
    fail("expected an integer that a number holds exactly (a bigint holds any of 64 bits)");
  }
  return static_cast<int64_t>(number);
}

int64_t toInteger(napi_env env, napi_value value) {
  double number;
  if (napi_get_value_double(env, value, &number) == napi_ok) return toInteger(number);
  int64_t integer;
  bool lossless = false;
  if (napi_get_value_bigint_int64(env, value, &integer, &lossless) == napi_ok) {
    if (!lossless) fail("the integer does not fit in 64 bits");
    return integer;
  }
  fail("expected an integer");
}

double toNumber(napi_env env, napi_value value) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) fail("expected a number");
  return number;
}

double toHandle(napi_env env, napi_value value) {
  double handle;
  if (napi_get_value_double(env, value, &handle) != napi_ok) fail("expected a Tensor, and its handle is no number");
  return handle;
}

std::string toString(napi_env env, napi_value value) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) fail("expected a string");
  std::string result(length, '\0');
  napi_get_value_string_utf8(env, value, result.data(), length + 1, &length);
  return result;
}

uint32_t arrayLength(napi_env env, napi_value value) {
  uint32_t length;
  if (napi_get_array_length(env, value, &length) != napi_ok) fail("expected an array");
  return length;
}

napi_value arrayElement(napi_env env, napi_value array, uint32_t i) {
  napi_value element;
  if (napi_get_element(env, array, i, &element) != napi_ok) fail("the array could not be read");
  return element;
}

bool isNullish(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

}  // namespace litorch
