// Handles and scopes, as lib/memory.ts and lib/tensor.ts use them.
#include "allocator.h"
#include "functions.h"

namespace litorch {

napi_value attach(Arguments& arguments) {
  arguments.environment.handles.attach(arguments.number(0), arguments[1]);
  return nullptr;
}

napi_value release(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.environment.handles.release(arguments.number(0)));
}

napi_value isLive(Arguments& arguments) {
  return makeBoolean(arguments.environment.env, arguments.environment.handles.isLive(arguments.number(0)));
}

namespace {

// Whatever is no number of a scope is that of none.
uint32_t scopeOf(Arguments& arguments) {
  const int64_t number = arguments.integer(0);
  return number > 0 && number <= UINT32_MAX ? static_cast<uint32_t>(number) : 0;
}

napi_value describe(napi_env env, const DeviceMemory& memory) {
  auto object = Napi::Object::New(env);
  object.Set("tensors", static_cast<double>(memory.tensors));
  object.Set("bytes", static_cast<double>(memory.bytes));
  object.Set("peakBytes", static_cast<double>(memory.peakBytes));
  return object;
}

}  // namespace

// (whether it is detached)
napi_value openScope(Arguments& arguments) {
  return makeNumber(arguments.environment.env, arguments.environment.handles.openScope(arguments.boolean(0)));
}

napi_value enterScope(Arguments& arguments) {
  arguments.environment.handles.enterScope(scopeOf(arguments));
  return nullptr;
}

napi_value detachScope(Arguments& arguments) {
  arguments.environment.handles.detachScope(scopeOf(arguments));
  return nullptr;
}

napi_value dissolveScope(Arguments& arguments) {
  arguments.environment.handles.dissolveScope(scopeOf(arguments));
  return nullptr;
}

napi_value leaveScope(Arguments& arguments) {
  arguments.environment.handles.leaveScope(scopeOf(arguments));
  return nullptr;
}

// (scope, handles that survive)
napi_value closeScope(Arguments& arguments) {
  const std::vector<double> survivors = arguments.numbers(1);
  arguments.environment.handles.closeScope(scopeOf(arguments), survivors);
  return nullptr;
}

// (scope, handles)
napi_value handOver(Arguments& arguments) {
  const std::vector<double> handles = arguments.numbers(1);
  arguments.environment.handles.handOver(scopeOf(arguments), handles);
  return nullptr;
}

napi_value setScopeFinder(Arguments& arguments) {
  arguments.environment.handles.setScopeFinder(arguments[0]);
  return nullptr;
}

// (a function that says where JavaScript is, or null)
napi_value setMemoryDebug(Arguments& arguments) {
  arguments.environment.handles.setDebug(arguments.isNullish(0) ? nullptr : arguments[0]);
  return nullptr;
}

// Each live tensor, followed by where it was made.
napi_value liveTensors(Arguments& arguments) { return arguments.environment.handles.live(); }

napi_value keep(Arguments& arguments) {
  arguments.environment.handles.keep(arguments.number(0));
  return nullptr;
}

napi_value sweep(Arguments& arguments) {
  Environment& environment = arguments.environment;
  environment.bufferReleases->drain(environment.env);
  return makeNumber(environment.env, static_cast<double>(environment.handles.collect()));
}

napi_value setCollector(Arguments& arguments) {
  arguments.environment.handles.setCollector(arguments[0]);
  return nullptr;
}

napi_value releaseMemory(Arguments&) {
  releaseCachedBlocks();
  return nullptr;
}

napi_value memoryStats(Arguments& arguments) {
  const MemoryStats stats = arguments.environment.handles.stats();
  Napi::Env env(arguments.environment.env);
  Napi::Object object(env, describe(env, stats));
  object.Set("unseenBytes", static_cast<double>(stats.unseenBytes));
  object.Set("sweeps", static_cast<double>(stats.sweeps));
  object.Set("swept", static_cast<double>(stats.swept));
  object.Set("sweptInScopes", static_cast<double>(stats.sweptInScopes));
  object.Set("sweepMilliseconds", stats.sweepMilliseconds);
  auto devices = Napi::Object::New(env);
  for (const auto& [device, memory] : stats.devices) devices.Set(device, describe(env, memory));
  object.Set("devices", devices);
  return object;
}

}  // namespace litorch
