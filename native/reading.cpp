// Reading small things at little cost: numbers go through an array that the addon and lib/native.ts share, which takes
// a tenth of the time of as many Node-API values.
#include "functions.h"

namespace litorch {
namespace {

constexpr size_t kNumbers = Environment::kNumbers;

napi_value makeSmall(napi_env env, int32_t value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

template <typename T>
bool copyElements(const at::Tensor& tensor, double* target) {
  const T* source = tensor.const_data_ptr<T>();
  for (int64_t i = 0; i < tensor.numel(); i++) target[i] = static_cast<double>(source[i]);
  return true;
}

bool copyIntegers(const at::Tensor& tensor, double* target) {
  constexpr int64_t kSafe = 9007199254740991;
  const auto* source = tensor.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < tensor.numel(); i++) {
    if (source[i] > kSafe || source[i] < -kSafe) return false;
    target[i] = static_cast<double>(source[i]);
  }
  return true;
}

bool isPlain(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.layout() == at::kStrided && !tensor.is_nested() && tensor.is_contiguous() &&
         !tensor.is_conj() && !tensor.is_neg() && !tensor._is_zerotensor();
}

bool copyNumbers(const at::Tensor& tensor, double* target) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
      return copyElements<float>(tensor, target);
    case at::kDouble:
      return copyElements<double>(tensor, target);
    case at::kInt:
      return copyElements<int32_t>(tensor, target);
    case at::kLong:
      return copyIntegers(tensor, target);
    default:
      return false;
  }
}

}  // namespace

// The shared array.
napi_value sharedNumbers(Arguments& arguments) {
  Environment& environment = arguments.environment;
  napi_env env = environment.env;
  napi_value array;
  if (environment.numbersArray == nullptr) {
    napi_value buffer;
    void* data = nullptr;
    napi_create_arraybuffer(env, kNumbers * sizeof(double), &data, &buffer);
    napi_create_typedarray(env, napi_float64_array, kNumbers, buffer, 0, &array);
    napi_create_reference(env, array, 1, &environment.numbersArray);
    environment.numbers = static_cast<double*>(data);
  }
  napi_get_reference_value(env, environment.numbersArray, &array);
  return array;
}

// (handle): the sizes into the shared array; gives how many, or -1 where they are too many.
napi_value readShape(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::IntArrayRef sizes = arguments.tensor(0).sizes();
  if (environment.numbers == nullptr || sizes.size() > kNumbers) return makeSmall(environment.env, -1);
  for (size_t i = 0; i < sizes.size(); i++) environment.numbers[i] = static_cast<double>(sizes[i]);
  return makeSmall(environment.env, static_cast<int32_t>(sizes.size()));
}

// (handle): the sizes and then the elements of a small tensor of numbers into the shared array; gives the number of
// dimensions, or -1 where it is not such a tensor.
napi_value readElements(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Tensor& tensor = arguments.tensor(0);
  double* numbers = environment.numbers;
  const bool fits = numbers != nullptr && isPlain(tensor) && tensor.numel() <= static_cast<int64_t>(kNumbers / 2) &&
                    tensor.dim() <= static_cast<int64_t>(kNumbers / 2);
  if (!fits || !copyNumbers(tensor, numbers + tensor.dim())) return makeSmall(environment.env, -1);
  for (int64_t i = 0; i < tensor.dim(); i++) numbers[i] = static_cast<double>(tensor.size(i));
  return makeSmall(environment.env, static_cast<int32_t>(tensor.dim()));
}

}  // namespace litorch
