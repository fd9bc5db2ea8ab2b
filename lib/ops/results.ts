/** One operator of the addon: calling it, and what its results become. */
import { TorchError } from '../errors.js';
import { tidy } from '../memory.js';
import { type NativeSchema, type NativeTensor, native, numbers } from '../native.js';
import { Tensor, wrap } from '../tensor.js';
import { guardOf } from './guards.js';
import { camelCase } from './names.js';

type Convert = (value: unknown) => unknown;

const identity: Convert = (value) => value;
const asTensor: Convert = (value) => wrap(value as NativeTensor);

function converterOf(type: string): Convert {
  if (type.endsWith('?')) {
    const inner = converterOf(type.slice(0, -1));
    return inner === identity ? identity : (value) => (value === null ? null : inner(value));
  }
  if (type === 'Tensor') return asTensor;
  if (type.endsWith('[]')) {
    const inner = converterOf(type.slice(0, -2));
    return inner === identity
      ? (value) => Array.from(value as unknown[])
      : (value) => (value as unknown[]).map(inner);
  }
  return identity;
}

/** The addon's way to say that the result is not wanted, because the caller has it. */
const DROPPED = undefined;

const ONE_TENSOR = 0;
const WRITTEN = 1;
const SEVERAL_WRITTEN = 2;
const ONE_VALUE = 3;
const NOTHING = 4;
const SEVERAL = 5;

function kindOf({ returns }: NativeSchema): number {
  if (returns.length === 0) return NOTHING;
  // Written in place, or into `out`: the result is the argument itself, the same object.
  if (returns.every((result) => result.written >= 0 && result.type === 'Tensor')) {
    return returns.length === 1 ? WRITTEN : SEVERAL_WRITTEN;
  }
  if (returns.length > 1) return SEVERAL;
  return returns[0]?.type === 'Tensor' ? ONE_TENSOR : ONE_VALUE;
}

/** Whether the results are tensors, several or a list of them, and nothing else. */
const areTensors = ({ returns }: NativeSchema): boolean =>
  returns.length === 1 ? returns[0]?.type === 'Tensor[]' : returns.every(({ type }) => type === 'Tensor');

type ResultsClass = new () => unknown[];

const resultsClasses = new Map<string, ResultsClass>();

/** Arrays with names for their elements, which the class has, so that an array costs no more for them. */
function resultsClass(fields: readonly string[]): ResultsClass {
  const key = fields.join();
  const known = resultsClasses.get(key);
  if (known !== undefined) return known;
  class Results extends Array<unknown> {
    // What map and slice make has other elements.
    static override get [Symbol.species](): ArrayConstructor {
      return Array;
    }
  }
  fields.forEach((field, i) => {
    Object.defineProperty(Results.prototype, field, {
      configurable: true,
      get(this: unknown[]) {
        return this[i];
      },
    });
  });
  resultsClasses.set(key, Results);
  return Results;
}

export class Operator {
  readonly name: string;
  readonly id: number;
  /** Whether results are arguments, so that a call needs these as the caller gave them. */
  readonly needsGiven: boolean;
  /** Whether arguments are looked at before the call. */
  readonly isGuarded: boolean;
  /** The argument that the only result is, written in place; -1 where that is not so. */
  readonly written: number;
  private readonly kind: number;
  /** Asks for several tensors by the shared numbers, where the results are that. */
  private readonly wanted: true | null;
  private readonly converters: readonly Convert[];
  private readonly writtenArguments: readonly number[];
  /** What gives the results names beside their positions. */
  private readonly Results: ResultsClass | undefined;

  constructor(readonly schema: NativeSchema) {
    const { returns } = schema;
    this.name = schema.text.slice(0, schema.text.indexOf('('));
    this.id = schema.id;
    this.kind = kindOf(schema);
    this.wanted = (this.kind === SEVERAL || this.kind === ONE_VALUE) && areTensors(schema) ? true : null;
    this.converters = returns.map((result) => converterOf(result.type));
    this.writtenArguments = returns.map((result) => result.written);
    this.written = this.kind === WRITTEN ? (this.writtenArguments[0] as number) : -1;
    const named = returns.length > 1 && returns.every(({ name }) => name !== '');
    this.Results = named ? resultsClass(returns.map(({ name }) => camelCase(name))) : undefined;
    this.isGuarded = guardOf(this.name) !== undefined;
    this.needsGiven = this.kind === WRITTEN || this.kind === SEVERAL_WRITTEN || this.isGuarded;
  }

  /** Calls it. `bound` are the arguments as the addon takes them, `given` as the caller has them, both in its order. */
  call(bound: readonly unknown[], given: readonly unknown[] | undefined): unknown {
    if (this.isGuarded) this.guard(given as readonly unknown[]);
    switch (this.kind) {
      case ONE_TENSOR: {
        const tensor = new Tensor();
        return this.attached(tensor, native.callOperator(this.id, tensor, ...bound));
      }
      case WRITTEN:
        native.callOperator(this.id, DROPPED, ...bound);
        return (given as readonly unknown[])[this.written];
      case SEVERAL_WRITTEN:
        native.callOperator(this.id, DROPPED, ...bound);
        return this.named(this.writtenArguments.map((i) => (given as readonly unknown[])[i]));
      default:
        return this.converted(native.callOperator(this.id, this.wanted, ...bound));
    }
  }

  /** What {@link call} does first, for a call that is made elsewhere. */
  check(given: readonly unknown[] | undefined): void {
    if (this.isGuarded) this.guard(given as readonly unknown[]);
  }

  /** What {@link call} gives, made of what the addon has given for a call that was made elsewhere. */
  finish(result: unknown, given: readonly unknown[] | undefined): unknown {
    switch (this.kind) {
      case ONE_TENSOR:
        return wrap(result as NativeTensor);
      case WRITTEN:
        return (given as readonly unknown[])[this.written];
      case SEVERAL_WRITTEN:
        return this.named(this.writtenArguments.map((i) => (given as readonly unknown[])[i]));
      default:
        return this.converted(result);
    }
  }

  // As call, for one to four arguments, without lists.

  call1(a: unknown, x: unknown): unknown {
    if (this.kind === ONE_TENSOR) {
      const tensor = new Tensor();
      return this.attached(tensor, native.callOperator(this.id, tensor, a));
    }
    if (this.kind === WRITTEN) {
      native.callOperator(this.id, DROPPED, a);
      return x;
    }
    return this.converted(native.callOperator(this.id, this.wanted, a));
  }

  call2(a: unknown, b: unknown, x: unknown): unknown {
    if (this.kind === ONE_TENSOR) {
      const tensor = new Tensor();
      return this.attached(tensor, native.callOperator(this.id, tensor, a, b));
    }
    if (this.kind === WRITTEN) {
      native.callOperator(this.id, DROPPED, a, b);
      return x;
    }
    return this.converted(native.callOperator(this.id, this.wanted, a, b));
  }

  call3(a: unknown, b: unknown, c: unknown, x: unknown): unknown {
    if (this.kind === ONE_TENSOR) {
      const tensor = new Tensor();
      return this.attached(tensor, native.callOperator(this.id, tensor, a, b, c));
    }
    if (this.kind === WRITTEN) {
      native.callOperator(this.id, DROPPED, a, b, c);
      return x;
    }
    return this.converted(native.callOperator(this.id, this.wanted, a, b, c));
  }

  call4(a: unknown, b: unknown, c: unknown, d: unknown, x: unknown): unknown {
    if (this.kind === ONE_TENSOR) {
      const tensor = new Tensor();
      return this.attached(tensor, native.callOperator(this.id, tensor, a, b, c, d));
    }
    if (this.kind === WRITTEN) {
      native.callOperator(this.id, DROPPED, a, b, c, d);
      return x;
    }
    return this.converted(native.callOperator(this.id, this.wanted, a, b, c, d));
  }

  /** Whether `call1` to `call4` may be used: nothing is looked at first, and what is written is the first argument. */
  get isQuick(): boolean {
    return !this.isGuarded && this.kind !== SEVERAL_WRITTEN && (this.kind !== WRITTEN || this.written === 0);
  }

  private attached(tensor: Tensor, result: unknown): unknown {
    if (typeof result !== 'number') return result;
    if (result === 0) return null;
    tensor.handle = result;
    return tensor;
  }

  private converted(value: unknown): unknown {
    if (this.kind === NOTHING) return undefined;
    if (this.wanted !== null && typeof value === 'number') return this.fromNumbers(value);
    if (this.kind === ONE_VALUE) return (this.converters[0] as Convert)(value);
    const values = value as unknown[];
    for (let i = 0; i < values.length; i++) values[i] = (this.converters[i] as Convert)(values[i]);
    return this.named(values);
  }

  /** The objects of so many new tensors, whose handles are in the shared numbers. */
  private fromNumbers(count: number): unknown[] {
    const tensors: unknown[] = [];
    for (let i = 0; i < count; i++) tensors.push(new Tensor(numbers[i] as number));
    native.attachAll(tensors);
    return this.named(tensors);
  }

  private named(values: unknown[]): unknown[] {
    // Not by the class's constructor: V8 would optimize that again and again, since what it makes has other elements
    // each time than those that it has seen so far.
    return this.Results === undefined ? values : Object.setPrototypeOf(values, this.Results.prototype);
  }

  /** A look at the arguments of operators that do not look themselves. */
  private guard(given: readonly unknown[]): void {
    const guard = guardOf(this.name);
    if (guard === undefined) return;
    const named = Object.fromEntries(this.schema.arguments.map(({ name }, i) => [name, given[i]]));
    const problem = tidy(() => guard(named));
    if (problem !== undefined) throw new TorchError(`${this.name}: ${problem}`, this.name);
  }
}
