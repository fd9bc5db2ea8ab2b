/** Calling an operator by name: the signature that takes the arguments, tried in order, and the error where none does. */
import { defaultDevice } from '../defaultDevice.js';
import { OutOfMemoryError } from '../errors.js';
import { collect } from '../gc.js';
import { numbers } from '../native.js';
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';
import { describeValue } from './describe.js';
import { explain } from './explain.js';
import { MISMATCH, type Parameter, settle } from './parameter.js';
import { isComplexNumber } from './scalar.js';
import type { Binding, Options, Signature } from './signature.js';

/** An options object: a plain object (of any realm), and not a complex number. */
function isOptions(value: object): value is Options {
  // What comes last most often is told apart by cheap looks.
  if (value instanceof Tensor || Array.isArray(value)) return false;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || isPlainObject(value);
  return isPlain && !isComplexNumber(value);
}

function listSignatures(label: string, signatures: readonly Signature[]): string {
  const shown = signatures.filter(({ isDeprecated }) => !isDeprecated);
  return shown
    .map((signature) => `\n * ${signature.text.startsWith(label) ? '' : label}${signature.describe()}`)
    .join('');
}

function describeGiven(args: readonly unknown[], count: number, options: Options | undefined): string {
  const named = Object.keys(options ?? {}).filter((key) => options?.[key] !== undefined);
  return [
    ...args.slice(0, count).map(describeValue),
    ...named.map((key) => `${key}=${describeValue(options?.[key])}`),
  ].join(', ');
}

/** Raises what Python's parser would: of one signature what is wrong with it, of several what was given. */
function refuse(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
  count: number,
  options: Options | undefined,
): never {
  const [first] = signatures;
  if (first === undefined) throw new TypeError(`${label}(): this libtorch has no such operator`);
  const total = count + Object.keys(options ?? {}).filter((key) => options?.[key] !== undefined).length;
  const plausible =
    signatures.length === 1
      ? signatures
      : signatures.filter(
          (signature) =>
            !signature.isDeprecated && total >= signature.fewest && total <= signature.parameters.length,
        );
  const [only] = plausible;
  const unknown = Object.keys(options ?? {}).find(
    (key) =>
      options?.[key] !== undefined && signatures.every((signature) => signature.placeOf(key) === undefined),
  );
  if (unknown !== undefined && label === first.callee && label.includes('::')) {
    // Of an operator of `torch.ops`, whose forms with `out` would only be in the way.
    throw new TypeError(
      `${label}() got an unexpected keyword argument '${unknown}'${listSignatures(label, signatures)}`,
    );
  }
  const shown = signatures.filter(({ isDeprecated }) => !isDeprecated);
  if (only !== undefined && plausible.length === 1) {
    const reason = explain(only, self, args, count, options);
    if (reason !== undefined) throw new TypeError(`${reason}${listSignatures(label, signatures)}`);
  }
  const what = `${first.callee}() received an invalid combination of arguments - got (${describeGiven(args, count, options)}), but expected`;
  if (shown.length === 1) throw new TypeError(`${what} ${(shown[0] as Signature).describe()}`);
  const lines = shown.map((signature) => {
    const fits = total >= signature.fewest && total <= signature.parameters.length;
    const reason = fits ? explain(signature, self, args, count, options) : undefined;
    return `\n * ${signature.describe()}${reason === undefined ? '' : `\n      didn't match: ${reason}`}`;
  });
  throw new TypeError(`${what} one of:${lines.join('')}`);
}

const warned = new Set<Signature>();

/** Says once that a form is deprecated, and what to write instead. */
function warn(used: Signature, signatures: readonly Signature[]): void {
  if (warned.has(used)) return;
  warned.add(used);
  const { callee } = used;
  const others = signatures.filter(({ isDeprecated }) => !isDeprecated);
  const instead = others.map((signature) => `\n\t${callee}${signature.describe()}`).join('');
  process.emitWarning(
    `This overload of ${callee} is deprecated:\n\t${callee}${used.describe()}\nConsider using one of the following signatures instead:${instead}`,
    'TorchWarning',
  );
}

function run({ operator, bound, given, requiresGrad }: Binding): unknown {
  let result: unknown;
  try {
    result = operator.call(bound, given);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    // What the collector has not come to yet may be enough.
    collect();
    result = operator.call(bound, given);
  }
  if (requiresGrad && result instanceof Tensor) result.requiresGrad = true;
  return result;
}

/**
 * What `perform` does with the first signature that takes the arguments. `self` is the tensor of a method, undefined for
 * a function. `exactFirst`: first without tensors as numbers.
 */
function withOverload<R>(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
  exactFirst: boolean,
  perform: (binding: Binding) => R,
): R {
  let count = args.length;
  let options: Options | undefined;
  const last = count > 0 ? args[count - 1] : undefined;
  if (typeof last === 'object' && last !== null && isOptions(last)) {
    options = last;
    count--;
  }
  // Arguments left undefined at the end are not given.
  while (count > 0 && args[count - 1] === undefined) count--;
  settle(false);
  for (let loosely = exactFirst ? 0 : 1; loosely < 2; loosely++) {
    for (let i = 0; i < signatures.length; i++) {
      const signature = signatures[i] as Signature;
      const binding = signature.bind(self, args, count, options, loosely === 1);
      settle(binding !== undefined);
      if (binding === undefined) continue;
      if (signature.isDeprecated) warn(signature, signatures);
      return perform(binding);
    }
  }
  return refuse(label, signatures, self, args, count, options);
}

function callOverloads(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
  exactFirst = false,
): unknown {
  return withOverload(label, signatures, self, args, exactFirst, run);
}

const unperformed = (binding: Binding): Binding => binding;

/** As {@link callPublic} of a function, without the call. */
export function bindPublic(
  label: string,
  signatures: readonly Signature[],
  args: readonly unknown[],
): Binding {
  return withOverload(label, signatures, undefined, args, false, unperformed);
}

/** As {@link callRegistered}, without the call. */
export function bindRegistered(
  label: string,
  signatures: readonly Signature[],
  args: readonly unknown[],
): Binding {
  return withOverload(label, signatures, undefined, args, true, unperformed);
}

/** What {@link callQuickly} gives where the call needs the whole parser. */
const UNDECIDED: unique symbol = Symbol('undecided');

function isTensorList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!(value[i] instanceof Tensor)) return false;
  return true;
}

/**
 * The common call: one to four arguments by position, a method's tensor among them. Binds without making anything.
 */
function callQuickly(
  signatures: readonly Signature[],
  count: number,
  x: unknown,
  y: unknown,
  z: unknown,
  w: unknown,
): unknown {
  for (let i = 0; i < signatures.length; i++) {
    const { leads, fewestLeads, operator, followsDefaultDevice, takesTensorList } = signatures[
      i
    ] as Signature;
    if (leads.length === 0) return UNDECIDED;
    if (followsDefaultDevice && defaultDevice.code !== undefined) return UNDECIDED;
    if (count > leads.length || count < fewestLeads) continue;
    // A list of tensors raises at once where it does not fit, which is for the whole parser to do in its turn.
    if (takesTensorList && !isTensorList(x)) return UNDECIDED;
    const a = (leads[0] as Parameter).fit(x, true);
    let fits = a !== MISMATCH;
    const b = fits && count > 1 ? (leads[1] as Parameter).fit(y, true) : undefined;
    fits &&= b !== MISMATCH;
    const c = fits && count > 2 ? (leads[2] as Parameter).fit(z, true) : undefined;
    fits &&= c !== MISMATCH;
    const d = fits && count > 3 ? (leads[3] as Parameter).fit(w, true) : undefined;
    fits &&= d !== MISMATCH;
    settle(fits);
    if (!fits) continue;
    switch (count) {
      case 1:
        return operator.call1(a, x);
      case 2:
        return operator.call2(a, b, x);
      case 3:
        return operator.call3(a, b, c, x);
      default:
        return operator.call4(a, b, c, d, x);
    }
  }
  return UNDECIDED;
}

const mostSpread = numbers.length - 1;

/** Sizes spread over the arguments, `x.view(2, -1)`, where nothing else is given. */
function callSpread(signature: Signature, self: unknown, sizes: readonly unknown[]): unknown {
  const { leads, operator, followsDefaultDevice } = signature;
  if (followsDefaultDevice && defaultDevice.code !== undefined) return UNDECIDED;
  const { length } = sizes;
  if (length > mostSpread) return UNDECIDED;
  for (let i = 0; i < length; i++) if (!Number.isInteger(sizes[i])) return UNDECIDED;
  const handle = self === undefined ? undefined : (leads[0] as Parameter).fit(self, false);
  if (handle === MISMATCH) return UNDECIDED;
  // For the addon, `true` is the list in the shared numbers.
  numbers[0] = length;
  for (let i = 0; i < length; i++) numbers[i + 1] = sizes[i] as number;
  return self === undefined ? operator.call1(true, undefined) : operator.call2(handle, true, self);
}

function tryQuickly(signatures: readonly Signature[], self: unknown, args: readonly unknown[]): unknown {
  const count = args.length;
  if (count > 0 && typeof args[0] === 'number') {
    const spreading = signatures[0]?.spreading;
    if (spreading !== undefined) return callSpread(spreading, self, args);
  }
  if (self !== undefined) {
    return count > 3 ? UNDECIDED : callQuickly(signatures, count + 1, self, args[0], args[1], args[2]);
  }
  if (count === 0 || count > 4) return UNDECIDED;
  return callQuickly(signatures, count, args[0], args[1], args[2], args[3]);
}

/** A public function, or a method where `self` is its tensor: `args` as the caller gave them. */
export function callPublic(
  label: string,
  signatures: readonly Signature[],
  self: unknown,
  args: readonly unknown[],
): unknown {
  try {
    const result = tryQuickly(signatures, self, args);
    if (result !== UNDECIDED) return result;
  } catch (error) {
    // The whole parser tries once more after a collection.
    if (!(error instanceof OutOfMemoryError)) throw error;
    collect();
  }
  return callOverloads(label, signatures, self, args);
}

/** The call of an operator by its registry's name with arguments by position that fit as they are. */
function callExactly(signatures: readonly Signature[], args: readonly unknown[]): unknown {
  const count = args.length;
  for (let i = 0; i < signatures.length; i++) {
    const { leads, fewestLeads, operator, spreads } = signatures[i] as Signature;
    if (leads.length === 0 || spreads) return UNDECIDED;
    if (count > leads.length || count < fewestLeads) continue;
    const bound = new Array<unknown>(count);
    let fits = true;
    for (let j = 0; fits && j < count; j++) {
      if (args[j] === undefined) return UNDECIDED;
      bound[j] = (leads[j] as Parameter).fit(args[j], false);
      fits = bound[j] !== MISMATCH;
    }
    settle(fits);
    if (!fits) continue;
    switch (count) {
      case 1:
        return operator.call1(bound[0], args[0]);
      case 2:
        return operator.call2(bound[0], bound[1], args[0]);
      case 3:
        return operator.call3(bound[0], bound[1], bound[2], args[0]);
      case 4:
        return operator.call4(bound[0], bound[1], bound[2], bound[3], args[0]);
      default:
        return operator.call(bound, args);
    }
  }
  return UNDECIDED;
}

/** An operator by its registry's name: exact types first, then tensors for numbers as well. */
export function callRegistered(
  label: string,
  signatures: readonly Signature[],
  args: readonly unknown[],
): unknown {
  const last = args.length > 0 ? args[args.length - 1] : undefined;
  if (last !== undefined && !(typeof last === 'object' && last !== null && isOptions(last))) {
    try {
      const result = callExactly(signatures, args);
      if (result !== UNDECIDED) return result;
    } catch (error) {
      // The whole parser tries once more after a collection.
      if (!(error instanceof OutOfMemoryError)) throw error;
      collect();
    }
  }
  return callOverloads(label, signatures, undefined, args, true);
}
