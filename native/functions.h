// The addon's functions, as addon.cpp publishes them and lib/native.ts declares them: the table of contents.
#pragma once

#include "arguments.h"

namespace litorch {

// dispatch.cpp
napi_value operatorNames(Arguments& arguments);
napi_value operatorSchema(Arguments& arguments);
napi_value callOperator(napi_env env, napi_callback_info info);

// severalResults.cpp
napi_value attachAll(Arguments& arguments);

// memory.cpp
napi_value attach(Arguments& arguments);
napi_value release(Arguments& arguments);
napi_value isLive(Arguments& arguments);
napi_value openScope(Arguments& arguments);
napi_value detachScope(Arguments& arguments);
napi_value dissolveScope(Arguments& arguments);
napi_value enterScope(Arguments& arguments);
napi_value leaveScope(Arguments& arguments);
napi_value closeScope(Arguments& arguments);
napi_value handOver(Arguments& arguments);
napi_value setScopeFinder(Arguments& arguments);
napi_value keep(Arguments& arguments);
napi_value sweep(Arguments& arguments);
napi_value setCollector(Arguments& arguments);
napi_value releaseMemory(Arguments& arguments);
napi_value memoryStats(Arguments& arguments);
napi_value setMemoryDebug(Arguments& arguments);
napi_value liveTensors(Arguments& arguments);

// tensor.cpp
napi_value shape(Arguments& arguments);
napi_value strides(Arguments& arguments);
napi_value dtype(Arguments& arguments);
napi_value device(Arguments& arguments);
napi_value layout(Arguments& arguments);
napi_value numel(Arguments& arguments);
napi_value storageOffset(Arguments& arguments);
napi_value isContiguous(Arguments& arguments);
napi_value isNested(Arguments& arguments);
napi_value dataPointer(Arguments& arguments);
napi_value item(Arguments& arguments);
napi_value readBytes(Arguments& arguments);
napi_value fromBytes(Arguments& arguments);

// sharing.cpp
napi_value shareBytes(Arguments& arguments);
napi_value sharedBuffer(Arguments& arguments);
napi_value sharedOffset(Arguments& arguments);

// transfer.cpp
napi_value shareTensors(Arguments& arguments);
napi_value receiveTensors(Arguments& arguments);
napi_value revokeTensors(Arguments& arguments);
napi_value leaveTensors(Arguments& arguments);
napi_value sharedStats(Arguments& arguments);
napi_value isShared(Arguments& arguments);
napi_value shareMemory(Arguments& arguments);

// indexing.cpp
napi_value getItem(Arguments& arguments);
napi_value setItem(Arguments& arguments);
napi_value putItem(Arguments& arguments);

// reading.cpp
napi_value sharedNumbers(Arguments& arguments);
napi_value readShape(Arguments& arguments);
napi_value readElements(Arguments& arguments);

// autograd.cpp
napi_value requiresGrad(Arguments& arguments);
napi_value setRequiresGrad(Arguments& arguments);
napi_value isLeaf(Arguments& arguments);
napi_value grad(Arguments& arguments);
napi_value setGrad(Arguments& arguments);
napi_value data(Arguments& arguments);
napi_value setData(Arguments& arguments);
napi_value version(Arguments& arguments);
napi_value setVersion(Arguments& arguments);
napi_value retainGrad(Arguments& arguments);
napi_value retainsGrad(Arguments& arguments);
napi_value gradFunction(Arguments& arguments);
napi_value backward(Arguments& arguments);
napi_value gradients(Arguments& arguments);
napi_value gradEnabled(Arguments& arguments);
napi_value setGradEnabled(Arguments& arguments);
napi_value inferenceEnabled(Arguments& arguments);
napi_value enterInference(Arguments& arguments);
napi_value leaveInference(Arguments& arguments);
napi_value isInference(Arguments& arguments);

// autocast.cpp
napi_value autocastAvailable(Arguments& arguments);
napi_value autocastEnabled(Arguments& arguments);
napi_value autocastDtype(Arguments& arguments);
napi_value autocastCacheEnabled(Arguments& arguments);
napi_value setAutocast(Arguments& arguments);
napi_value clearAutocastCache(Arguments& arguments);

// asyncJobs.cpp
napi_value submitOperator(napi_env env, napi_callback_info info);
napi_value submitBackward(Arguments& arguments);
napi_value submitItem(Arguments& arguments);
napi_value submitRead(Arguments& arguments);
napi_value jobResult(napi_env env, napi_callback_info info);
napi_value cancelJob(Arguments& arguments);
napi_value endJobs(Arguments& arguments);

// graphFunctions.cpp
napi_value beginRecording(Arguments& arguments);
napi_value abandonRecording(Arguments& arguments);
napi_value endRecording(Arguments& arguments);
napi_value watchCaptured(Arguments& arguments);
napi_value recordingDifference(Arguments& arguments);
napi_value checkReplay(Arguments& arguments);
napi_value replayRecording(Arguments& arguments);
napi_value releaseRecording(Arguments& arguments);
napi_value pauseRecording(Arguments& arguments);
napi_value expectLive(Arguments& arguments);

// customFunction.cpp
napi_value beginFunction(Arguments& arguments);
napi_value finishFunction(Arguments& arguments);
napi_value abandonFunction(Arguments& arguments);
napi_value holdCallback(Arguments& arguments);
napi_value savedTensors(Arguments& arguments);
napi_value delayedError(Arguments& arguments);

// hooks.cpp
napi_value tensorHook(Arguments& arguments);
napi_value accumulationHook(Arguments& arguments);
napi_value nodeHook(Arguments& arguments);
napi_value checkHookResult(Arguments& arguments);

// generators.cpp
napi_value manualSeed(Arguments& arguments);
napi_value defaultGenerator(Arguments& arguments);
napi_value newGenerator(Arguments& arguments);
napi_value generatorDevice(Arguments& arguments);
napi_value generatorSeed(Arguments& arguments);
napi_value generatorInitialSeed(Arguments& arguments);
napi_value generatorManualSeed(Arguments& arguments);
napi_value generatorState(Arguments& arguments);
napi_value setGeneratorState(Arguments& arguments);

// runtime.cpp
napi_value setCallbacks(Arguments& arguments);
napi_value buildInfo(Arguments& arguments);
napi_value defaultDtype(Arguments& arguments);
napi_value setDefaultDtype(Arguments& arguments);
napi_value numThreads(Arguments& arguments);
napi_value setNumThreads(Arguments& arguments);
napi_value numInteropThreads(Arguments& arguments);
napi_value setNumInteropThreads(Arguments& arguments);
napi_value deterministic(Arguments& arguments);
napi_value setDeterministic(Arguments& arguments);

// settings.cpp
napi_value matmulPrecision(Arguments& arguments);
napi_value setMatmulPrecision(Arguments& arguments);
napi_value setFlushDenormal(Arguments& arguments);
napi_value deterministicWarnOnly(Arguments& arguments);
napi_value warnAlways(Arguments& arguments);
napi_value setWarnAlways(Arguments& arguments);
napi_value features(Arguments& arguments);

// scalarMath.cpp
napi_value pow(Arguments& arguments);
napi_value cos(Arguments& arguments);

// libraries.cpp
napi_value loadLibrary(Arguments& arguments);

// accelerator.cpp
napi_value cudaDeviceCount(Arguments& arguments);
napi_value synchronizeDevice(Arguments& arguments);
napi_value currentDevice(Arguments& arguments);
napi_value setCurrentDevice(Arguments& arguments);
napi_value emptyDeviceCache(Arguments& arguments);
napi_value deviceMemory(Arguments& arguments);
napi_value resetDevicePeak(Arguments& arguments);

}  // namespace litorch
