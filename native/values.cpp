#include "values.h"

#include "generators.h"

#include <ATen/ScalarOps.h>

#include <cmath>

namespace litorch {
namespace {

at::Scalar readScalar(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  switch (type) {
    case napi_number: {
      double number;
      napi_get_value_double(env, value, &number);
      return toScalar(number);
    }
    case napi_boolean: {
      bool boolean;
      napi_get_value_bool(env, value, &boolean);
      return at::Scalar(boolean);
    }
    case napi_bigint:
      return at::Scalar(toInteger(env, value));
    case napi_object: {
      napi_value real;
      napi_value imaginary;
      double re;
      double im;
      if (napi_get_named_property(env, value, "re", &real) == napi_ok &&
          napi_get_named_property(env, value, "im", &imaginary) == napi_ok &&
          napi_get_value_double(env, real, &re) == napi_ok && napi_get_value_double(env, imaginary, &im) == napi_ok) {
        return at::Scalar(c10::complex<double>(re, im));
      }
      break;
    }
    default:
      break;
  }
  throw ArgumentError("expected a number, a bigint, a boolean or { re, im }");
}

// A number where a tensor belongs, [number], becomes what Python's front end makes of it: a tensor that does not take
// part in type promotion as a tensor would.
at::Tensor toWrappedNumber(napi_env env, napi_value value) {
  bool isArray = false;
  napi_is_array(env, value, &isArray);
  if (!isArray) throw ArgumentError("expected a Tensor");
  at::Tensor tensor = at::scalar_to_tensor(readScalar(env, arrayElement(env, value, 0)));
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

c10::IValue toList(Environment& environment, napi_value value, const c10::TypePtr& listType) {
  const c10::TypePtr& elementType = listType->expectRef<c10::ListType>().getElementType();
  const ArgumentType element = describeType(elementType);
  const uint32_t length = arrayLength(environment.env, value);
  c10::impl::GenericList list(elementType);
  list.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    list.push_back(toIValue(environment, arrayElement(environment.env, value, i), element));
  }
  return list;
}

}  // namespace

at::Scalar toScalar(double number) {
  const bool integral =
      std::abs(number) <= 9007199254740991.0 && number == std::floor(number) && !(number == 0 && std::signbit(number));
  return integral ? at::Scalar(static_cast<int64_t>(number)) : at::Scalar(number);
}

c10::IValue toIValue(Environment& environment, napi_value value, const ArgumentType& type) {
  napi_env env = environment.env;
  if (type.optional && isNullish(env, value)) return c10::IValue();
  switch (type.kind) {
    case ValueKind::Tensor: {
      double handle;
      if (napi_get_value_double(env, value, &handle) == napi_ok) return environment.handles.get(handle);
      return toWrappedNumber(env, value);
    }
    case ValueKind::Scalar: {
      // A tensor that stands for a number, [handle], keeps its dtype: 2.0 stays a float.
      bool isTensor = false;
      napi_is_array(env, value, &isTensor);
      if (!isTensor) return readScalar(env, value);
      return environment.handles.get(toHandle(env, arrayElement(env, value, 0))).item();
    }
    case ValueKind::Int:
      return toInteger(env, value);
    case ValueKind::Float:
      return toNumber(env, value);
    case ValueKind::Bool: {
      bool boolean;
      if (napi_get_value_bool(env, value, &boolean) != napi_ok) throw ArgumentError("expected a boolean");
      return boolean;
    }
    case ValueKind::String:
      return toString(env, value);
    case ValueKind::Device:
      return decodeDevice(toNumber(env, value));
    case ValueKind::Generator:
      return toGenerator(env, value);
    case ValueKind::IntList: {
      const uint32_t length = arrayLength(env, value);
      c10::List<int64_t> list;
      list.reserve(length);
      for (uint32_t i = 0; i < length; i++) list.push_back(toInteger(env, arrayElement(env, value, i)));
      return list;
    }
    case ValueKind::TensorList: {
      const uint32_t length = arrayLength(env, value);
      c10::List<at::Tensor> list;
      list.reserve(length);
      for (uint32_t i = 0; i < length; i++) {
        list.push_back(environment.handles.get(toHandle(env, arrayElement(env, value, i))));
      }
      return list;
    }
    case ValueKind::List:
      return toList(environment, value, type.type);
    case ValueKind::Unsupported:
      break;
  }
  throw ArgumentError("arguments of type " + type.type->str() + " cannot be passed from JavaScript");
}

napi_value makeScalar(napi_env env, const at::Scalar& scalar) {
  if (scalar.isBoolean()) return makeBoolean(env, scalar.toBool());
  if (scalar.isComplex()) {
    const auto number = scalar.toComplexDouble();
    auto object = Napi::Object::New(env);
    object.Set("re", number.real());
    object.Set("im", number.imag());
    return object;
  }
  if (scalar.isIntegral(/*includeBool=*/false)) {
    if (scalar.type() == at::kUInt64) {
      const uint64_t number = scalar.toUInt64();
      if (number > static_cast<uint64_t>(INT64_MAX)) return Napi::BigInt::New(env, number);
    }
    return makeInteger(env, scalar.toLong());
  }
  return makeNumber(env, scalar.toDouble());
}

napi_value fromIValue(Environment& environment, const c10::IValue& value) {
  napi_env env = environment.env;
  if (value.isTensor()) return environment.handles.expose(value.toTensor());
  if (value.isNone()) return makeNull(env);
  if (value.isBool()) return makeBoolean(env, value.toBool());
  if (value.isInt()) return makeInteger(env, value.toInt());
  if (value.isDouble()) return makeNumber(env, value.toDouble());
  if (value.isComplexDouble() || value.isSymInt()) return makeScalar(env, value.toScalar());
  if (value.isString()) return makeString(env, value.toStringRef());
  if (value.isDevice()) return makeNumber(env, encodeDevice(value.toDevice()));
  if (value.isTuple() || value.isList()) {
    const auto fill = [&](const auto& elements) {
      napi_value array;
      napi_create_array_with_length(env, elements.size(), &array);
      uint32_t i = 0;
      for (const c10::IValue& element : elements) napi_set_element(env, array, i++, fromIValue(environment, element));
      return array;
    };
    return value.isTuple() ? fill(value.toTupleRef().elements().vec()) : fill(value.toListRef());
  }
  throw ArgumentError("a result of type " + value.tagKind() + " cannot be passed to JavaScript");
}

}  // namespace litorch
