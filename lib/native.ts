/**
 * The addon, typed: one declaration for each function of native/functions.h, in its order. Nothing else in lib/ knows
 * the addon.
 *
 * A handle is a number that names a tensor in the addon's table. Functions that give a tensor give the object that
 * stands for it, where one is alive, or a new handle, for which the caller makes an object and attaches it; 0 stands
 * for no tensor.
 */
import { makeError } from './errors.js';
import { loadAddon } from './load.js';

export interface NativeArgument {
  name: string;
  type: string;
  /** The length of a fixed-size list, `int[2]`. */
  size?: number;
  kwargOnly: boolean;
  hasDefault: boolean;
  write: boolean;
}

export interface NativeSchema {
  id: number;
  overload: string;
  text: string;
  arguments: NativeArgument[];
  /** `written`: the argument that the result is, written in place; -1 for a new result. */
  returns: { name: string; type: string; written: number }[];
}

export interface NativeDeviceMemory {
  tensors: number;
  bytes: number;
  peakBytes: number;
}

export interface NativeMemoryStats extends NativeDeviceMemory {
  unseenBytes: number;
  devices: { cpu: NativeDeviceMemory; [device: string]: NativeDeviceMemory };
  sweeps: number;
  swept: number;
  sweptInScopes: number;
  sweepMilliseconds: number;
}

/** A generator of random numbers, opaque. */
export type NativeGenerator = object & { readonly __nativeGenerator?: never };
/** A recorded step, opaque. See native/graph.h. */
export type NativeStep = object & { readonly __nativeStep?: never };
export type NativeScalar = number | bigint | boolean | { re: number; im: number };
/** A new handle, 0, or the object that stands for the tensor. */
export type NativeTensor = number | object;
type Bytes = ArrayBufferView;
/** What the autograd graph calls: tensors in, handles out (0 for none), undefined for no change. */
export type NativeCallback = (tensors: readonly NativeTensor[]) => number[] | undefined;
/** What a job of the asynchronous queue calls when it has ended. */
export type NativeSettle = () => void;
/** An index as native/indexing.cpp reads it; all codes as one array where they are many. */
export type IndexCode = number | bigint | boolean | null | IndexCode[];

export interface Native {
  /** With `true`, several new tensors are their count, and their handles are in {@link numbers}; see `attachAll`. */
  callOperator(id: number, object: object | true | null | undefined, ...args: unknown[]): unknown;
  operatorNames(): string[];
  operatorSchema(name: string, overload: string): NativeSchema | null;

  attach(handle: number, object: object): void;
  /** Attaches each object to the handle at its place in {@link numbers}. */
  attachAll(objects: readonly unknown[]): void;
  release(handle: number): boolean;
  isLive(handle: number): boolean;
  /** The number of a scope, entered unless it is detached. */
  openScope(detached: boolean): number;
  /** Makes an entered scope a detached one. */
  detachScope(scope: number): void;
  /** Ends a scope and leaves its tensors to the collector. */
  dissolveScope(scope: number): void;
  enterScope(scope: number): void;
  leaveScope(scope: number): void;
  closeScope(scope: number, survivors: number[]): void;
  /** Tensors of `scope` become those of the scope that is running. */
  handOver(scope: number, handles: number[]): void;
  /** `find` gives the number of the scope that the running asynchronous function is in, or 0. */
  setScopeFinder(find: () => number): void;
  keep(handle: number): void;
  sweep(): number;
  /**
   * `collect` collects the young generation, or everything where `full`. It is called where tensors have been made and
   * are likely dead, and where memory has run out.
   */
  setCollector(collect: (full: boolean) => void): void;
  releaseMemory(): void;
  memoryStats(): NativeMemoryStats;
  /** `stack` says where JavaScript is; null ends it. */
  setMemoryDebug(stack: (() => string) | null): void;
  /** Each live tensor, followed by where it was made or an empty string. */
  liveTensors(): (object | string)[];

  shape(handle: number): number[];
  strides(handle: number): number[];
  dtype(handle: number): number;
  device(handle: number): number;
  layout(handle: number): number;
  numel(handle: number): number;
  storageOffset(handle: number): number;
  isContiguous(handle: number): boolean;
  isNested(handle: number): boolean;
  dataPointer(handle: number): bigint;
  item(handle: number): NativeScalar;
  readBytes(handle: number, target: Bytes, dtype: number): void;
  fromBytes(source: Bytes, dtype: number, sizes: readonly number[]): NativeTensor;

  shareBytes(
    source: Bytes,
    buffer: ArrayBufferLike,
    dtype: number,
    sizes: readonly number[],
    isPrivate: boolean,
  ): NativeTensor;
  sharedBuffer(handle: number): ArrayBuffer;
  sharedOffset(handle: number): number;

  /** A number for each, which any thread can receive the tensor with, so often; 0 for any number of times. */
  shareTensors(handles: readonly number[], receivers: number): number[];
  receiveTensors(ids: readonly number[]): NativeTensor[];
  /** How many of them were still there. */
  revokeTensors(ids: readonly number[]): number;
  /** What this thread has shared waits for its receivers after the thread's end. */
  leaveTensors(): void;
  sharedStats(): { tensors: number; bytes: number; orphans: number };
  isShared(handle: number): boolean;
  shareMemory(handle: number): void;

  getItem(handle: number, object: object, ...codes: IndexCode[]): NativeTensor;
  setItem(handle: number, value: NativeScalar, isTensor: boolean, ...codes: IndexCode[]): void;
  putItem(
    handle: number,
    value: NativeScalar,
    isTensor: boolean,
    accumulate: boolean,
    ...codes: IndexCode[]
  ): void;

  sharedNumbers(): Float64Array;
  /** The number of sizes that it has put into the shared numbers, or -1. */
  readShape(handle: number): number;
  /** The number of sizes in the shared numbers, where the elements follow, or -1. */
  readElements(handle: number): number;

  requiresGrad(handle: number): boolean;
  setRequiresGrad(handle: number, value: boolean): void;
  isLeaf(handle: number): boolean;
  grad(handle: number): NativeTensor;
  setGrad(handle: number, grad: number | null): void;
  data(handle: number): NativeTensor;
  setData(handle: number, source: number): void;
  version(handle: number): number;
  setVersion(handle: number, version: number): void;
  retainGrad(handle: number): void;
  retainsGrad(handle: number): boolean;
  /** `inputs`: how many gradients the function gets. */
  gradFunction(
    handle: number,
    path: readonly number[],
  ): { name: string; edges: boolean[]; inputs: number } | null;
  backward(
    tensors: readonly number[],
    gradients: readonly number[] | null,
    retainGraph: boolean | null,
    createGraph: boolean,
    inputs: readonly number[],
  ): void;
  gradients(
    outputs: readonly number[],
    inputs: readonly number[],
    gradients: readonly number[] | null,
    retainGraph: boolean | null,
    createGraph: boolean,
  ): NativeTensor[];
  gradEnabled(): boolean;
  setGradEnabled(value: boolean): void;
  inferenceEnabled(): boolean;
  enterInference(value: boolean): number;
  leaveInference(depth: number): void;
  isInference(handle: number): boolean;

  autocastAvailable(device: number): boolean;
  autocastEnabled(device: number): boolean;
  autocastDtype(device: number): number;
  autocastCacheEnabled(): boolean;
  setAutocast(device: number, enabled: boolean, dtype: number, cache: boolean, nesting: 1 | -1): void;
  clearAutocastCache(): void;

  /**
   * Work off this thread: each gives the job's number, and calls `settle` once the job has ended. Nowhere but inside
   * that, {@link jobResult} gives what the call itself would give; undefined for what is written in place.
   */
  submitOperator(id: number, settle: NativeSettle, ...args: unknown[]): number;
  submitBackward(
    settle: NativeSettle,
    tensors: readonly number[],
    gradients: readonly number[] | null,
    retainGraph: boolean | null,
    createGraph: boolean,
    inputs: readonly number[],
  ): number;
  submitItem(settle: NativeSettle, handle: number): number;
  submitRead(settle: NativeSettle, handle: number, target: Bytes, dtype: number): number;
  /** Throws what the job has thrown. */
  jobResult(job: number): unknown;
  /** Whether the job had not begun: then it never will, and nothing is called. */
  cancelJob(job: number): boolean;
  /** Waits for the job that runs and drops the others. Nothing can be submitted afterwards. */
  endJobs(): void;

  beginRecording(inputs: readonly number[]): void;
  abandonRecording(): void;
  /** The recorded step, the tensors that it has captured, and how many operations it has. */
  endRecording(outputs: readonly number[]): [step: NativeStep, captured: NativeTensor[], operations: number];
  watchCaptured(step: NativeStep, handles: readonly number[]): void;
  /** What differs between two recordings of a function, or an empty string. */
  recordingDifference(step: NativeStep, other: NativeStep): string;
  /** Throws where a replay would. */
  checkReplay(step: NativeStep, inputs: readonly number[]): void;
  /** `live` gives the numbers that were expected while recording, in their order. */
  replayRecording(
    step: NativeStep,
    inputs: readonly number[],
    live: (number: number) => number,
  ): NativeTensor[];
  releaseRecording(step: NativeStep): void;
  /** Nothing is recorded until it ends. */
  pauseRecording(pause: boolean): void;
  /** The next operator has this number, and a replay another in its place. */
  expectLive(number: number): void;

  /** The number of a node that {@link finishFunction} completes. */
  beginFunction(name: string, inputs: readonly number[], backward: NativeCallback): number;
  finishFunction(
    id: number,
    inputs: readonly number[],
    outputs: readonly number[],
    nonDifferentiable: readonly number[],
    dirty: readonly number[],
    saved: readonly number[],
    hasSetup: boolean,
    materialize: boolean,
  ): NativeTensor[];
  abandonFunction(id: number): void;
  holdCallback(callback: number, holders: readonly number[]): void;
  savedTensors(id: number): NativeTensor[];
  delayedError(message: string, tensors: readonly number[]): NativeTensor[];

  /** The function that is there already, or the number of the callback that it has become. */
  tensorHook(handle: number, hook: NativeCallback): number | NativeCallback;
  accumulationHook(handle: number, hook: NativeCallback): number | NativeCallback;
  nodeHook(
    handle: number,
    path: readonly number[],
    before: boolean,
    hook: NativeCallback,
  ): number | NativeCallback;
  checkHookResult(original: number, result: number, name: string): void;

  manualSeed(seed: number | bigint): void;
  defaultGenerator(device: number): NativeGenerator;
  newGenerator(device: number): NativeGenerator;
  generatorDevice(generator: NativeGenerator): number;
  generatorSeed(generator: NativeGenerator): bigint;
  generatorInitialSeed(generator: NativeGenerator): bigint;
  generatorManualSeed(generator: NativeGenerator, seed: number | bigint): void;
  generatorState(generator: NativeGenerator): NativeTensor;
  setGeneratorState(generator: NativeGenerator, state: number): void;

  setCallbacks(
    makeError: (kind: string, message: string, op: string) => Error,
    warn: (message: string) => void,
  ): void;
  buildInfo(): { version: string; flavour: string; config: string };
  defaultDtype(): number;
  setDefaultDtype(dtype: number): void;
  numThreads(): number;
  setNumThreads(threads: number): void;
  numInteropThreads(): number;
  setNumInteropThreads(threads: number): void;
  deterministic(): boolean;
  setDeterministic(enabled: boolean, warnOnly: boolean): void;

  matmulPrecision(): string;
  setMatmulPrecision(precision: string): void;
  setFlushDenormal(mode: boolean): boolean;

  pow(base: number, exponent: number): number;
  cos(x: number): number;
  deterministicWarnOnly(): boolean;
  warnAlways(): boolean;
  setWarnAlways(enabled: boolean): void;
  features(): { mkl: boolean; lapack: boolean; mkldnn: boolean; openmp: boolean; cpuCapability: string };

  loadLibrary(path: string): void;

  cudaDeviceCount(): number;
  synchronizeDevice(index: number | null): void;
  currentDevice(): number;
  setCurrentDevice(index: number): void;
  emptyDeviceCache(): void;
  deviceMemory(index: number | null): {
    allocated: number;
    peakAllocated: number;
    reserved: number;
    peakReserved: number;
  };
  resetDevicePeak(index: number | null): void;
}

export const native = loadAddon() as Native;

native.setCallbacks(makeError, (message) => process.emitWarning(message, 'TorchWarning'));

/** Where the addon puts numbers that it has been asked for; the next call that does so overwrites them. */
export const numbers = native.sharedNumbers();
