/** One sample through litorch: forward, backward, comparison. */
import torch, { Tensor } from '../../lib/index.js';
import { Comparer, type Comparison, worstOf } from './compare.js';
import { callForm, type Given } from './forms.js';
import { Missing } from './invoke.js';
import type { Outcome, Status } from './outcome.js';
import type { Backward, Entry, Form, Sample, Tree } from './protocol.js';
import { matchesPython } from './regex.js';
import { Arguments, describeCall, Unsupported } from './values.js';

/** The seed of the reference; see test/reference/op_db.py. */
const SEED = 20;

/** Their elements are whatever the memory held. */
const uninitialised = new Set([
  'empty',
  'empty_like',
  'empty_permuted',
  'empty_strided',
  'new_empty',
  'new_empty_strided',
  'resize_',
  'resize_as_',
]);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function* tensorsOf(value: unknown): Generator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (Array.isArray(value)) for (const item of value) yield* tensorsOf(item);
}

type Result = Omit<Outcome, 'i'>;

/** What chance decides where PyTorch's own result varies. */
const steady: ReadonlySet<Status> = new Set(['identical', 'close']);

/** `corrupt` changes the result before it is compared, for the tests of this comparison. */
export function evaluate(
  entry: Entry,
  form: Form,
  sample: Sample,
  bytes: Buffer,
  corrupt?: (result: unknown) => unknown,
): Outcome {
  const result = torch.tidy(() => {
    const { status, ...rest } = evaluateInside(entry, form, sample, bytes, corrupt);
    return { status: sample.varies === true && steady.has(status) ? 'varies' : status, ...rest };
  });
  const plain = result.status === 'identical' || result.status === 'matched';
  const needsCall = !plain || result.strides !== undefined;
  return { i: sample.i, ...result, ...(needsCall && { call: describeCall(sample) }) };
}

function evaluateInside(
  entry: Entry,
  form: Form,
  sample: Sample,
  bytes: Buffer,
  corrupt: ((result: unknown) => unknown) | undefined,
): Result {
  let args: Arguments;
  let given: Given;
  try {
    args = new Arguments(sample, bytes);
    given = { positional: args.args(), kwargs: args.kwargs(), written: [] };
    if (sample.out !== undefined) given.out = args.value(sample.out);
  } catch (error) {
    if (error instanceof Unsupported) return { status: 'unsupported', why: error.message };
    return { status: 'raised', why: `while making the arguments: ${messageOf(error)}` };
  }
  let actual: unknown;
  try {
    torch.manualSeed(SEED);
    actual = callForm(entry, form, given);
    if (corrupt !== undefined) actual = corrupt(actual);
  } catch (error) {
    return afterError(sample, error);
  }
  if (sample.regex !== undefined) {
    // Some of the database's error inputs are none in this build: then litorch must not raise either.
    return sample.raises === undefined
      ? { status: 'matched' }
      : { status: 'not raised', expected: sample.regex };
  }
  if (sample.raises !== undefined) {
    return { status: 'wrong', phase: 'forward', why: `PyTorch raises: ${sample.raises.message}` };
  }
  const comparer = new Comparer(bytes, uninitialised.has(entry.name));
  if (sample.nothing && actual !== undefined && actual !== null) {
    return { status: 'wrong', phase: 'forward', why: 'a result instead of none' };
  }
  const results = sample.out === undefined ? actual : sample.nothing ? given.written : listed(actual);
  const forward = comparer.compare(sample.result as Tree, results);
  if (forward.verdict === 'wrong') return asResult(forward, 'forward');
  const other = notWritten(sample.same ?? [], given.written, listed(results));
  if (other !== undefined) return { status: 'wrong', phase: 'forward', why: other };
  const backward =
    sample.backward &&
    differentiate(sample.backward, args, actual, (want, got) => comparer.compare(want, got));
  if (backward === undefined) return asResult(forward, 'forward');
  if ('status' in backward) return backward;
  const worst = worstOf([forward, backward]);
  return asResult(worst, backward.verdict === forward.verdict ? 'forward' : 'backward');
}

/** What C++ adds to a message in further lines, litorch leaves out. Arrays are told as lists, in place of tuples too. */
function sameMessage(python: string, actual: string): boolean {
  const expected = python.replaceAll('not tuple', 'not list');
  return expected === actual || expected.startsWith(`${actual}\n`);
}

const listed = (results: unknown): unknown[] => (Array.isArray(results) ? results : [results]);

/** Says which result is not the object that it was to be written to. */
function notWritten(
  same: readonly boolean[],
  written: readonly unknown[],
  results: readonly unknown[],
): string | undefined {
  const at = same.findIndex((is, i) => is !== (results[i] === written[i]));
  if (at < 0) return undefined;
  return `result ${at} is ${same[at] ? 'not ' : ''}the object that it was to be written to`;
}

function afterError(sample: Sample, error: unknown): Result {
  const why = messageOf(error);
  if (error instanceof Unsupported) return { status: 'unsupported', why };
  if (error instanceof Missing) return { status: 'missing', why };
  if (sample.regex !== undefined) {
    if (sample.raises === undefined)
      return { status: 'other message', why, expected: 'PyTorch does not raise' };
    if (matchesPython(sample.regex, why)) return { status: 'matched' };
    return { status: 'other message', why, expected: sample.regex };
  }
  if (sample.raises !== undefined) {
    const { message } = sample.raises;
    return sameMessage(message, why)
      ? { status: 'identical', raising: true }
      : { status: 'other message', why, expected: message };
  }
  return { status: 'raised', phase: 'forward', why };
}

function asResult({ verdict, why, strides }: Comparison, phase: 'forward' | 'backward'): Result {
  return {
    status: verdict,
    ...(verdict !== 'identical' && { phase, why: why ?? '' }),
    ...(strides !== undefined && { strides }),
  };
}

function differentiate(
  backward: Backward,
  args: Arguments,
  actual: unknown,
  compare: (expected: Tree, actual: unknown) => Comparison,
): Comparison | Result {
  const tensors = [...tensorsOf(actual)];
  let grads: (Tensor | null)[];
  try {
    const outputs = backward.outputs.map((i) => tensors[i] as Tensor);
    const inputs = backward.inputs.map((i) => args.tensor(i));
    const gradOutputs = backward.gradients.map((tree) => args.value(tree) as Tensor);
    torch.manualSeed(SEED);
    grads = torch.autograd.grad(outputs, inputs, { gradOutputs, allowUnused: true });
  } catch (error) {
    if (backward.raises !== undefined) return { verdict: 'identical' };
    return { status: 'raised', phase: 'backward', why: messageOf(error) };
  }
  if (backward.raises !== undefined) {
    return { status: 'wrong', phase: 'backward', why: `PyTorch raises: ${backward.raises.message}` };
  }
  return worstOf(
    grads.map((gradient, i) => {
      const comparison = compare((backward.grads as Tree[])[i] as Tree, gradient);
      if (comparison.why !== undefined) comparison.why = `gradient ${i}: ${comparison.why}`;
      return comparison;
    }),
  );
}
