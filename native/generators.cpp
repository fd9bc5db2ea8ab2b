#include "generators.h"

#include "functions.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

namespace litorch {
namespace {

// Marks our own wrappers, so that another addon's object is an error and not a crash.
constexpr napi_type_tag kTag = {0x6c69746f72636847, 0x656e657261746f72};

}  // namespace

napi_value makeGenerator(napi_env env, at::Generator generator) {
  auto* owned = new at::Generator(std::move(generator));
  napi_value object;
  napi_create_object(env, &object);
  napi_type_tag_object(env, object, &kTag);
  napi_wrap(
      env, object, owned, [](napi_env, void* data, void*) { delete static_cast<at::Generator*>(data); }, nullptr,
      nullptr);
  return object;
}

at::Generator toGenerator(napi_env env, napi_value value) {
  bool ours = false;
  void* data = nullptr;
  if (napi_check_object_type_tag(env, value, &kTag, &ours) != napi_ok || !ours ||
      napi_unwrap(env, value, &data) != napi_ok) {
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    throw ArgumentError("expected a Generator");
  }
  return *static_cast<at::Generator*>(data);
}

napi_value manualSeed(Arguments& arguments) {
  at::manual_seed(static_cast<uint64_t>(arguments.integer(0)));
  return nullptr;
}

// (device)
napi_value defaultGenerator(Arguments& arguments) {
  return makeGenerator(arguments.environment.env,
                       at::globalContext().defaultGenerator(decodeDevice(arguments.number(0))));
}

// (device)
napi_value newGenerator(Arguments& arguments) {
  const c10::Device device = decodeDevice(arguments.number(0));
  return makeGenerator(
      arguments.environment.env,
      device.is_cpu()
          ? at::detail::createCPUGenerator()
          : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index()));
}

napi_value generatorDevice(Arguments& arguments) {
  return makeNumber(arguments.environment.env,
                    encodeDevice(toGenerator(arguments.environment.env, arguments[0]).device()));
}

namespace {

napi_value unsignedBigInt(Arguments& arguments, uint64_t value) {
  return Napi::BigInt::New(arguments.environment.env, value);
}

}  // namespace

napi_value generatorSeed(Arguments& arguments) {
  at::Generator generator = toGenerator(arguments.environment.env, arguments[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  return unsignedBigInt(arguments, generator.seed());
}

napi_value generatorInitialSeed(Arguments& arguments) {
  return unsignedBigInt(arguments, toGenerator(arguments.environment.env, arguments[0]).current_seed());
}

napi_value generatorManualSeed(Arguments& arguments) {
  at::Generator generator = toGenerator(arguments.environment.env, arguments[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(static_cast<uint64_t>(arguments.integer(1)));
  return nullptr;
}

napi_value generatorState(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const at::Generator generator = toGenerator(environment.env, arguments[0]);
  return environment.handles.expose(generator.get_state());
}

napi_value setGeneratorState(Arguments& arguments) {
  at::Generator generator = toGenerator(arguments.environment.env, arguments[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(arguments.tensor(1));
  return nullptr;
}

}  // namespace litorch
