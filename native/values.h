// Values across the boundary: JavaScript to IValue by the schema's type, and back by what the value is.
#pragma once

#include "arguments.h"
#include "operators.h"

#include <ATen/core/ivalue.h>

namespace litorch {

// A nullish value is None for an optional type. Throws ArgumentError where the value does not fit the type.
c10::IValue toIValue(Environment& environment, napi_value value, const ArgumentType& type);

// An integral number is an int64, as an integer literal would be; -0 can only be meant as a float.
at::Scalar toScalar(double number);

// Tensors become objects or new handles (see HandleTable::expose), lists and tuples arrays, None null.
napi_value fromIValue(Environment& environment, const c10::IValue& value);

napi_value makeScalar(napi_env env, const at::Scalar& scalar);

}  // namespace litorch
