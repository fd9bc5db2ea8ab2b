// Mixed precision: operators that cast their arguments as they are called. State of this thread.
#include "functions.h"

#include <ATen/autocast_mode.h>

#include <algorithm>

namespace litorch {
namespace {

// Whether libtorch has such devices does not matter here, which decodeDevice asks.
c10::DeviceType deviceTypeOf(Arguments& arguments, size_t i) {
  const int64_t type = arguments.integer(i) / 1024;
  TORCH_CHECK(type >= 0 && type < c10::COMPILE_TIME_MAX_DEVICE_TYPES, "no such type of device");
  return static_cast<c10::DeviceType>(type);
}

}  // namespace

// (device): whether it can be switched on there.
napi_value autocastAvailable(Arguments& arguments) {
  const c10::DeviceType type = deviceTypeOf(arguments, 0);
  const auto& known = at::autocast::_AUTOCAST_SUPPORTED_DEVICES;
  return makeBoolean(arguments.environment.env, std::find(known.begin(), known.end(), type) != known.end());
}

napi_value autocastEnabled(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, at::autocast::is_autocast_enabled(deviceTypeOf(arguments, 0)));
}

napi_value autocastDtype(Arguments& arguments) {
  return makeNumber(arguments.environment.env,
                    static_cast<double>(at::autocast::get_autocast_dtype(deviceTypeOf(arguments, 0))));
}

napi_value autocastCacheEnabled(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, at::autocast::is_autocast_cache_enabled());
}

// (device, enabled, dtype, whether weights' casts are kept, how the nesting changes: 1, -1)
napi_value setAutocast(Arguments& arguments) {
  const c10::DeviceType type = deviceTypeOf(arguments, 0);
  const auto dtype = static_cast<at::ScalarType>(arguments.integer(2));
  const bool isEntered = arguments.integer(4) > 0;
  // What is kept belongs to the outermost scope.
  if (!isEntered && at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type, arguments.boolean(1));
  at::autocast::set_autocast_dtype(type, dtype);
  at::autocast::set_autocast_cache_enabled(arguments.boolean(3));
  if (isEntered) at::autocast::increment_nesting();
  return nullptr;
}

napi_value clearAutocastCache(Arguments&) {
  at::autocast::clear_cache();
  return nullptr;
}

}  // namespace litorch
