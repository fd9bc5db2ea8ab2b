// The C library's functions of doubles, which are Python's and differ from V8's in the last bit.
#include "functions.h"

#include <cmath>

namespace litorch {

napi_value pow(Arguments& arguments) {
  return makeNumber(arguments.environment.env, std::pow(arguments.number(0), arguments.number(1)));
}

napi_value cos(Arguments& arguments) { return makeNumber(arguments.environment.env, std::cos(arguments.number(0))); }

}  // namespace litorch
