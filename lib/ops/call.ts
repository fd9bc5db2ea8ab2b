/** Calling an operator by name: the overload that takes the arguments, tried in order, and the error where none does. */
import { OutOfMemoryError } from '../errors.js';
import { collect } from '../gc.js';
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';
import { isComplexNumber } from './parameter.js';
import { type Binding, describeValue, type Options, type Signature } from './signature.js';

/** An options object: a plain object (of any realm), and not a complex number. */
function isOptions(value: unknown): value is Options {
  return isPlainObject(value) && !isComplexNumber(value);
}

function listSignatures(signatures: readonly Signature[]): string {
  return signatures.map((signature) => `\n * ${signature.text}`).join('');
}

function refuse(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
  count: number,
  options: Options | undefined,
): never {
  if (signatures.length === 0) throw new TypeError(`${label}(): this libtorch has no such operator`);
  const mismatches = signatures.map((signature) => signature.explain(self, args, count, options));
  // With one signature, or one and its form with `out`, there is one reason.
  const relevant = mismatches.filter(
    (_, i) =>
      !(signatures[i] as Signature).parameters.some((parameter) => parameter.write && parameter.kwargOnly),
  );
  const [only] = relevant.length === 1 ? relevant : mismatches.length === 1 ? mismatches : [];
  if (only !== undefined) throw new TypeError(`${label}(): ${only.reason}${listSignatures(signatures)}`);
  const unknown = mismatches.find((mismatch) => mismatch.reason.startsWith('got an unexpected option'));
  if (unknown !== undefined && mismatches.every((mismatch) => mismatch.reason === unknown.reason)) {
    throw new TypeError(`${label}(): ${unknown.reason}${listSignatures(signatures)}`);
  }
  const given = [
    ...args.slice(0, count).map((value) => describeValue(value)),
    ...Object.keys(options ?? {}).map((key) => `${key}=${describeValue(options?.[key])}`),
  ];
  const lines = signatures.map(
    (signature, i) => `\n * ${signature.text}\n   ${(mismatches[i] as { reason: string }).reason}`,
  );
  throw new TypeError(
    `${label}(): received an invalid combination of arguments - got (${given.join(', ')}), but expected one of:${lines.join('')}`,
  );
}

function run(signature: Signature, { bound, given }: Binding): unknown {
  try {
    return signature.invoke(bound, given);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    // What the collector has not come to yet may be enough.
    collect();
    return signature.invoke(bound, given);
  }
}

/** `self` is the tensor of a method, undefined for a function. */
export function callOverloads(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
): unknown {
  let count = args.length;
  let options: Options | undefined;
  const last = count > 0 ? args[count - 1] : undefined;
  if (typeof last === 'object' && isOptions(last)) {
    options = last;
    count--;
  }
  // Arguments left undefined at the end are not given.
  while (count > 0 && args[count - 1] === undefined) count--;
  for (let loosely = 0; loosely < 2; loosely++) {
    for (let i = 0; i < signatures.length; i++) {
      const signature = signatures[i] as Signature;
      const binding = signature.bind(self, args, count, options, loosely === 1);
      if (binding === undefined) continue;
      const result = run(signature, binding);
      if (
        options !== undefined &&
        signature.isFactory &&
        options.requiresGrad === true &&
        result instanceof Tensor
      ) {
        result.requiresGrad = true;
      }
      return result;
    }
  }
  return refuse(label, signatures, self, args, count, options);
}
