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

napi_value openScope(Arguments& arguments) {
  return makeNumber(arguments.environment.env, static_cast<double>(arguments.environment.handles.openScope()));
}

// (depth, handles that survive)
napi_value closeScope(Arguments& arguments) {
  napi_env env = arguments.environment.env;
  std::vector<double> survivors;
  const uint32_t length = arrayLength(env, arguments[1]);
  survivors.reserve(length);
  for (uint32_t i = 0; i < length; i++) survivors.push_back(toNumber(env, arrayElement(env, arguments[1], i)));
  const int64_t depth = arguments.integer(0);
  if (depth > 0) arguments.environment.handles.closeScope(static_cast<size_t>(depth), survivors);
  return nullptr;
}

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
  auto object = Napi::Object::New(arguments.environment.env);
  object.Set("tensors", static_cast<double>(stats.tensors));
  object.Set("bytes", static_cast<double>(stats.bytes));
  object.Set("peakBytes", static_cast<double>(stats.peakBytes));
  object.Set("sweeps", static_cast<double>(stats.sweeps));
  object.Set("swept", static_cast<double>(stats.swept));
  object.Set("sweepMilliseconds", stats.sweepMilliseconds);
  return object;
}

}  // namespace litorch
