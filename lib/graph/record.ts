/** `torch.graph.record`: a function of tensors that runs without JavaScript from its third call on. */
import { DisposedError, TorchError } from '../errors.js';
import { type NativeStep, type NativeTensor, native } from '../native.js';
import { checkOptions } from '../options.js';
import { refuseAsync } from '../scope.js';
import { type Tensor, wrap } from '../tensor.js';
import { build, fits, type Layout, layoutOf } from './layout.js';
import { Participants } from './participants.js';
import { watching } from './watch.js';

/** Options of {@link record}. */
export interface RecordOptions {
  /**
   * How many calls run as they are before the first that is recorded: those in which the function does other things
   * than later, such as an optimizer's first step, which makes its state. Default: 1.
   */
  warmup?: number;
}

/** What {@link record} gives: the function, to be called in its place. */
export interface RecordedStep<Args extends unknown[], Result> extends Disposable {
  (...args: Args): Result;
  /** Whether calls are replays now. */
  readonly isRecorded: boolean;
  /** How many operations a replay has; 0 before there is one. */
  readonly operations: number;
  /** Lets go of the recording and of all tensors that it holds. Calls are a DisposedError afterwards. */
  dispose(): void;
}

/** One run of the function, recorded. */
interface Recording {
  step: NativeStep;
  /** The tensors from outside of the function: their objects, so that these stay. */
  captured: readonly Tensor[];
  operations: number;
  inputs: readonly number[];
  args: Layout;
  result: Layout;
  participants: Participants;
}

class Recorder {
  #calls = 0;
  #recording: Recording | undefined;
  /** Whether two runs have been the same. */
  #isVerified = false;
  /** Which tensors of the arguments have been different ones. Of the others it is not known what they are to the step. */
  #varied: boolean[] = [];
  #isDisposed = false;
  readonly #fn: (...args: unknown[]) => unknown;
  readonly #warmup: number;

  constructor(fn: (...args: unknown[]) => unknown, warmup: number) {
    this.#fn = fn;
    this.#warmup = warmup;
  }

  get isRecorded(): boolean {
    return this.#isVerified;
  }

  get operations(): number {
    return this.#isVerified ? (this.#recording?.operations ?? 0) : 0;
  }

  call(args: unknown[]): unknown {
    if (this.#isDisposed) throw new DisposedError('graph.record(): the step has been disposed');
    if (this.#isVerified) {
      const recording = this.#recording as Recording;
      if (!recording.participants.haveChanged()) return this.#replay(recording, args);
      // Their options are constants of the recording: it is made anew.
      this.#forget();
    }
    if (this.#calls < this.#warmup) {
      const result = this.#fn(...args);
      refuseAsync('graph.record', result);
      this.#calls++;
      return result;
    }
    const { recording, result } = this.#record(args);
    const first = this.#recording;
    if (first === undefined) {
      this.#recording = recording;
      this.#varied = recording.inputs.map(() => false);
    } else {
      this.#verify(first, recording);
      native.releaseRecording(first.step);
      this.#recording = recording;
      this.#isVerified = true;
    }
    return result;
  }

  dispose(): void {
    this.#forget();
    this.#isDisposed = true;
  }

  #forget(): void {
    if (this.#recording !== undefined) native.releaseRecording(this.#recording.step);
    this.#recording = undefined;
    this.#isVerified = false;
  }

  #record(args: unknown[]): { recording: Recording; result: unknown } {
    const tensors: Tensor[] = [];
    const layout = layoutOf(args, tensors);
    const inputs = tensors.map(({ handle }) => handle);
    const participants = new Participants();
    native.beginRecording(inputs);
    try {
      watching.by = participants;
      const result = this.#fn(...args);
      refuseAsync('graph.record', result);
      const outputs: Tensor[] = [];
      const resultLayout = layoutOf(result, outputs);
      const [step, found, operations] = native.endRecording(outputs.map(({ handle }) => handle));
      const captured = found.map((tensor) => wrap(tensor) as Tensor);
      native.watchCaptured(
        step,
        captured.map(({ handle }) => handle),
      );
      participants.complete();
      return {
        recording: { step, captured, operations, inputs, args: layout, result: resultLayout, participants },
        result,
      };
    } finally {
      watching.by = undefined;
      native.abandonRecording();
    }
  }

  /** @throws TorchError where two runs of the function were not the same. */
  #verify(first: Recording, second: Recording): void {
    const problem =
      describeChange('an argument that is no tensor', first.args, second.args) ??
      describeChange('a result that is no tensor', first.result, second.result) ??
      native.recordingDifference(first.step, second.step);
    if (problem !== '') {
      native.releaseRecording(second.step);
      this.#forget();
      throw new TorchError(`graph.record(): the function did not do the same in two runs: ${problem}`);
    }
    second.inputs.forEach((handle, i) => {
      if (handle !== first.inputs[i]) this.#varied[i] = true;
    });
  }

  #replay(recording: Recording, args: unknown[]): unknown {
    const inputs: number[] = [];
    if (!fits(recording.args, args, inputs)) {
      throw new TorchError(
        'graph.record(): an argument that is no tensor, or where the tensors are within the arguments, differs from the ' +
          'recording, of which it is a constant',
      );
    }
    for (let i = 0; i < inputs.length; i++) {
      if (this.#varied[i] === true || inputs[i] === recording.inputs[i]) continue;
      // Until now it has always been the same tensor, which the function may as well have taken from outside.
      native.checkReplay(recording.step, inputs);
      const again = this.#record(args);
      this.#verify(recording, again.recording);
      native.releaseRecording(again.recording.step);
      return again.result;
    }
    const { computed } = recording.participants;
    const outputs = native.replayRecording(recording.step, inputs, (i) => (computed[i] as () => number)());
    return build(recording.result, wrapped(outputs));
  }
}

function* wrapped(tensors: readonly NativeTensor[]): Generator<Tensor, undefined, undefined> {
  for (const tensor of tensors) yield wrap(tensor) as Tensor;
  return undefined;
}

function describeChange(what: string, first: Layout, second: Layout): string | undefined {
  return sameLayout(first, second) ? undefined : `${what} differs`;
}

function sameLayout(a: Layout, b: Layout): boolean {
  if (a.kind === 'tensor' || b.kind === 'tensor') return a.kind === b.kind;
  if (a.kind === 'value' || b.kind === 'value') {
    return a.kind === 'value' && b.kind === 'value' && Object.is(a.value, b.value);
  }
  if (a.kind !== b.kind || a.items.length !== b.items.length) return false;
  if (a.kind === 'object' && b.kind === 'object' && a.keys.some((key, i) => key !== b.keys[i])) return false;
  return a.items.every((item, i) => sameLayout(item, b.items[i] as Layout));
}

/**
 * Makes of a function of tensors one that is replayed: its operators, backward passes, optimizer steps and changes of
 * tensors are noted while it runs, and later calls do them again natively, with the same bits and without running the
 * JavaScript. It is what CUDA graphs are for in PyTorch (`torch.cuda.graph`), for any device: it takes away what
 * calling operators one by one costs, and so is for steps of many small operators and fixed shapes.
 *
 * ```ts
 * const step = torch.graph.record((x: Tensor, y: Tensor) => {
 *   optimizer.zeroGrad();
 *   const loss = F.crossEntropy(model(x), y);
 *   loss.backward();
 *   optimizer.step();
 *   return loss.detach();
 * });
 * for (const [x, y] of batches) losses.push(step(x, y));
 * ```
 *
 * Every call is one run of the function. The first (see `warmup`) runs as it is, the next two are recorded and
 * compared, and all others are replays. Arguments and results may be arrays and plain objects that hold tensors.
 * Tensors from outside, parameters above all, are used as they are at the time of the replay, `data` included;
 * random operators draw anew.
 *
 * JavaScript does not run in a replay, so whatever it has computed is a constant: numbers (a learning rate, the bias
 * correction of optimizers that count steps in JavaScript: use `fused: true`), branches taken, texts printed. Where that
 * could matter and can be seen, an error says so, and nothing is done: see docs/replay.md for what is seen.
 *
 * @param fn the function. It must do the same in each call, and must not be asynchronous.
 * @param options.warmup how many calls run before the first that is recorded. Default: 1.
 * @throws TypeError where `fn` is no function or is asynchronous, or for an unknown option.
 * @throws RangeError where `warmup` is no whole number from 0 on.
 * @throws TorchError, from a call: in a recorded run for what cannot be recorded (reading elements, hooks and functions
 *   of JavaScript in the graph, seeding) and for runs that were not the same; in a replay for other shapes, dtypes,
 *   devices, strides or requiresGrad of arguments or of tensors that the step uses, tensors that have been disposed,
 *   and changed options of an optimizer or module.
 */
export function record<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: RecordOptions = {},
): RecordedStep<Args, Result> {
  if (typeof fn !== 'function') throw new TypeError(`graph.record(): expected a function, not ${typeof fn}`);
  checkOptions('graph.record', options, ['warmup']);
  const { warmup = 1 } = options;
  if (typeof warmup !== 'number' || !Number.isInteger(warmup) || warmup < 0) {
    throw new RangeError(`graph.record(): warmup must be a whole number from 0 on, not ${warmup}`);
  }
  const recorder = new Recorder(fn as (...args: unknown[]) => unknown, warmup);
  const step = (...args: Args): Result => recorder.call(args) as Result;
  return Object.defineProperties(step, {
    isRecorded: { get: () => recorder.isRecorded },
    operations: { get: () => recorder.operations },
    dispose: { value: () => recorder.dispose() },
    [Symbol.dispose]: { value: () => recorder.dispose() },
  }) as RecordedStep<Args, Result>;
}
