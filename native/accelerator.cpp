// Devices, through libtorch's device-generic interfaces: nothing here needs CUDA's headers.
#include "functions.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/detail/CUDAHooksInterface.h>

namespace litorch {
namespace {

c10::DeviceIndex deviceIndex(Arguments& arguments) {
  TORCH_CHECK(at::hasCUDA(), "Torch not compiled with CUDA enabled, or no CUDA device is available");
  const int64_t index = arguments.isNullish(0) ? at::accelerator::getDeviceIndex() : arguments.integer(0);
  TORCH_CHECK_VALUE(index >= 0 && index < at::accelerator::deviceCount(), "invalid device ordinal ", index,
                    ": there are ", static_cast<int>(at::accelerator::deviceCount()));
  return static_cast<c10::DeviceIndex>(index);
}

}  // namespace

// 0 where libtorch has no CUDA or the machine no device.
napi_value cudaDeviceCount(Arguments& arguments) {
  return makeNumber(arguments.environment.env, at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0);
}

napi_value synchronizeDevice(Arguments& arguments) {
  at::accelerator::synchronizeDevice(deviceIndex(arguments));
  return nullptr;
}

napi_value currentDevice(Arguments& arguments) {
  TORCH_CHECK(at::hasCUDA(), "Torch not compiled with CUDA enabled, or no CUDA device is available");
  return makeNumber(arguments.environment.env, at::accelerator::getDeviceIndex());
}

napi_value setCurrentDevice(Arguments& arguments) {
  at::accelerator::setDeviceIndex(deviceIndex(arguments));
  return nullptr;
}

napi_value emptyDeviceCache(Arguments&) {
  if (at::hasCUDA()) at::accelerator::emptyCache();
  return nullptr;
}

napi_value deviceMemory(Arguments& arguments) {
  const auto stats = at::accelerator::getDeviceStats(deviceIndex(arguments));
  const auto& allocated = stats.allocated_bytes[0];
  const auto& reserved = stats.reserved_bytes[0];
  auto object = Napi::Object::New(arguments.environment.env);
  object.Set("allocated", static_cast<double>(allocated.current));
  object.Set("peakAllocated", static_cast<double>(allocated.peak));
  object.Set("reserved", static_cast<double>(reserved.current));
  object.Set("peakReserved", static_cast<double>(reserved.peak));
  return object;
}

napi_value resetDevicePeak(Arguments& arguments) {
  at::accelerator::resetPeakStats(deviceIndex(arguments));
  return nullptr;
}

}  // namespace litorch
