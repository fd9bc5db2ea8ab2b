// The addon's module: one environment's state, and its functions by name.
#include "allocator.h"
#include "faults.h"
#include "functions.h"
#include "graphRecorder.h"

#include <ATen/Context.h>

namespace litorch {
namespace {

void define(Environment& environment, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(environment.env, name, NAPI_AUTO_LENGTH, callback, &environment, &function);
  napi_set_named_property(environment.env, exports, name, function);
}

napi_value initialize(napi_env env, napi_value exports) {
  // Without these checks an index that is out of range in a sparse tensor writes to memory that is not its own.
  at::globalContext().setCheckSparseTensorInvariants(true);
  installAllocator();
  replaceFaultyKernels();
  auto* environment = new Environment(env);
  napi_set_instance_data(
      env, environment, [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr);
  define(*environment, exports, "callOperator", callOperator);
  define(*environment, exports, "submitOperator", submitOperator);
  define(*environment, exports, "jobResult", jobResult);
#define LITORCH_DEFINE(function) define(*environment, exports, #function, entry<recordable<function, #function>>)
  LITORCH_DEFINE(operatorNames);
  LITORCH_DEFINE(operatorSchema);
  LITORCH_DEFINE(attach);
  LITORCH_DEFINE(attachAll);
  LITORCH_DEFINE(release);
  LITORCH_DEFINE(isLive);
  LITORCH_DEFINE(openScope);
  LITORCH_DEFINE(detachScope);
  LITORCH_DEFINE(dissolveScope);
  LITORCH_DEFINE(enterScope);
  LITORCH_DEFINE(leaveScope);
  LITORCH_DEFINE(closeScope);
  LITORCH_DEFINE(handOver);
  LITORCH_DEFINE(setScopeFinder);
  LITORCH_DEFINE(keep);
  LITORCH_DEFINE(sweep);
  LITORCH_DEFINE(setCollector);
  LITORCH_DEFINE(releaseMemory);
  LITORCH_DEFINE(memoryStats);
  LITORCH_DEFINE(setMemoryDebug);
  LITORCH_DEFINE(liveTensors);
  LITORCH_DEFINE(shape);
  LITORCH_DEFINE(strides);
  LITORCH_DEFINE(dtype);
  LITORCH_DEFINE(device);
  LITORCH_DEFINE(layout);
  LITORCH_DEFINE(numel);
  LITORCH_DEFINE(storageOffset);
  LITORCH_DEFINE(isContiguous);
  LITORCH_DEFINE(isNested);
  LITORCH_DEFINE(dataPointer);
  LITORCH_DEFINE(item);
  LITORCH_DEFINE(readBytes);
  LITORCH_DEFINE(fromBytes);
  LITORCH_DEFINE(shareBytes);
  LITORCH_DEFINE(sharedBuffer);
  LITORCH_DEFINE(sharedOffset);
  LITORCH_DEFINE(shareTensors);
  LITORCH_DEFINE(receiveTensors);
  LITORCH_DEFINE(revokeTensors);
  LITORCH_DEFINE(leaveTensors);
  LITORCH_DEFINE(sharedStats);
  LITORCH_DEFINE(isShared);
  LITORCH_DEFINE(shareMemory);
  LITORCH_DEFINE(getItem);
  LITORCH_DEFINE(setItem);
  LITORCH_DEFINE(putItem);
  LITORCH_DEFINE(sharedNumbers);
  LITORCH_DEFINE(readShape);
  LITORCH_DEFINE(readElements);
  LITORCH_DEFINE(requiresGrad);
  LITORCH_DEFINE(setRequiresGrad);
  LITORCH_DEFINE(isLeaf);
  LITORCH_DEFINE(grad);
  LITORCH_DEFINE(setGrad);
  LITORCH_DEFINE(data);
  LITORCH_DEFINE(setData);
  LITORCH_DEFINE(version);
  LITORCH_DEFINE(setVersion);
  LITORCH_DEFINE(retainGrad);
  LITORCH_DEFINE(retainsGrad);
  LITORCH_DEFINE(gradFunction);
  LITORCH_DEFINE(backward);
  LITORCH_DEFINE(gradients);
  LITORCH_DEFINE(gradEnabled);
  LITORCH_DEFINE(setGradEnabled);
  LITORCH_DEFINE(inferenceEnabled);
  LITORCH_DEFINE(enterInference);
  LITORCH_DEFINE(leaveInference);
  LITORCH_DEFINE(isInference);
  LITORCH_DEFINE(autocastAvailable);
  LITORCH_DEFINE(autocastEnabled);
  LITORCH_DEFINE(autocastDtype);
  LITORCH_DEFINE(autocastCacheEnabled);
  LITORCH_DEFINE(setAutocast);
  LITORCH_DEFINE(clearAutocastCache);
  LITORCH_DEFINE(submitBackward);
  LITORCH_DEFINE(submitItem);
  LITORCH_DEFINE(submitRead);
  LITORCH_DEFINE(cancelJob);
  LITORCH_DEFINE(endJobs);
  LITORCH_DEFINE(beginRecording);
  LITORCH_DEFINE(abandonRecording);
  LITORCH_DEFINE(endRecording);
  LITORCH_DEFINE(watchCaptured);
  LITORCH_DEFINE(recordingDifference);
  LITORCH_DEFINE(checkReplay);
  LITORCH_DEFINE(replayRecording);
  LITORCH_DEFINE(releaseRecording);
  LITORCH_DEFINE(pauseRecording);
  LITORCH_DEFINE(expectLive);
  LITORCH_DEFINE(beginFunction);
  LITORCH_DEFINE(finishFunction);
  LITORCH_DEFINE(abandonFunction);
  LITORCH_DEFINE(holdCallback);
  LITORCH_DEFINE(savedTensors);
  LITORCH_DEFINE(delayedError);
  LITORCH_DEFINE(tensorHook);
  LITORCH_DEFINE(accumulationHook);
  LITORCH_DEFINE(nodeHook);
  LITORCH_DEFINE(checkHookResult);
  LITORCH_DEFINE(manualSeed);
  LITORCH_DEFINE(defaultGenerator);
  LITORCH_DEFINE(newGenerator);
  LITORCH_DEFINE(generatorDevice);
  LITORCH_DEFINE(generatorSeed);
  LITORCH_DEFINE(generatorInitialSeed);
  LITORCH_DEFINE(generatorManualSeed);
  LITORCH_DEFINE(generatorState);
  LITORCH_DEFINE(setGeneratorState);
  LITORCH_DEFINE(setCallbacks);
  LITORCH_DEFINE(buildInfo);
  LITORCH_DEFINE(defaultDtype);
  LITORCH_DEFINE(setDefaultDtype);
  LITORCH_DEFINE(numThreads);
  LITORCH_DEFINE(setNumThreads);
  LITORCH_DEFINE(numInteropThreads);
  LITORCH_DEFINE(setNumInteropThreads);
  LITORCH_DEFINE(deterministic);
  LITORCH_DEFINE(setDeterministic);
  LITORCH_DEFINE(matmulPrecision);
  LITORCH_DEFINE(setMatmulPrecision);
  LITORCH_DEFINE(setFlushDenormal);
  LITORCH_DEFINE(pow);
  LITORCH_DEFINE(cos);
  LITORCH_DEFINE(deterministicWarnOnly);
  LITORCH_DEFINE(warnAlways);
  LITORCH_DEFINE(setWarnAlways);
  LITORCH_DEFINE(features);
  LITORCH_DEFINE(loadLibrary);
  LITORCH_DEFINE(cudaDeviceCount);
  LITORCH_DEFINE(synchronizeDevice);
  LITORCH_DEFINE(currentDevice);
  LITORCH_DEFINE(setCurrentDevice);
  LITORCH_DEFINE(emptyDeviceCache);
  LITORCH_DEFINE(deviceMemory);
  LITORCH_DEFINE(resetDevicePeak);
#undef LITORCH_DEFINE
  return exports;
}

}  // namespace
}  // namespace litorch

NAPI_MODULE_INIT() { return litorch::initialize(env, exports); }
