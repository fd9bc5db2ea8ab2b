import { isMap } from 'node:util/types';
import { noGrad } from '../../autograd/index.js';
import { TorchError } from '../../errors.js';
import { Tensor } from '../../tensor.js';
import { formatSize } from '../format.js';
import { Parameter } from '../parameter.js';
import { fieldsOf, ownBuffers, ownModules, ownParameters } from './members.js';
import type { Module } from './module.js';

/** The parameters and persistent buffers of a module under PyTorch's keys (`encoder.0.weight`), in order. */
export type StateDict = Record<string, Tensor>;

/** Options of `Module.stateDict`. */
export interface StateDictOptions {
  /** Put before every key. Default: `''`. */
  prefix?: string;
  /** Give the parameters themselves rather than detached aliases of them. Default: `false`. */
  keepVars?: boolean;
  /** The object to write into. Default: a new one. */
  destination?: StateDict;
}

/** Options of `Module.loadStateDict`. */
export interface LoadStateDictOptions {
  /** Whether missing and unexpected keys are errors. Default: `true`. */
  strict?: boolean;
  /** Make the given tensors the module's own instead of copying from them. Default: `false`. */
  assign?: boolean;
}

/** The keys that did not match. */
export interface IncompatibleKeys {
  missingKeys: string[];
  unexpectedKeys: string[];
}

/** Writes the parameters and persistent buffers of `module` alone into `destination`. */
export function saveOwnState(
  module: Module,
  destination: StateDict,
  prefix: string,
  keepVars: boolean,
): void {
  for (const [name, value] of [...ownParameters(module), ...ownBuffers(module, { persistentOnly: true })]) {
    destination[prefix + name] = keepVars ? value : value.detach();
  }
}

interface Step {
  module: Module;
  name: string;
  key: string;
  target: Tensor;
  value: Tensor;
}

/** What is to be copied where, and everything that is wrong. Nothing has been changed when it returns. */
class Plan {
  readonly steps: Step[] = [];
  readonly missing: string[] = [];
  readonly unexpected: string[] = [];
  readonly errors: string[] = [];

  constructor(private readonly source: ReadonlyMap<string, unknown>) {}

  visit(module: Module, prefix: string, keys: readonly string[]): void {
    const children = ownModules(module);
    const local = new Map([...ownParameters(module), ...ownBuffers(module, { persistentOnly: true })]);
    for (const [name, target] of local) this.match(module, name, prefix + name, target);
    const childNames = new Set(children.map(([name]) => name));
    for (const key of keys) {
      const rest = key.slice(prefix.length);
      const dot = rest.indexOf('.');
      if (dot >= 0 ? !childNames.has(rest.slice(0, dot)) : !local.has(rest)) this.unexpected.push(key);
    }
    for (const [name, child] of children) {
      const childPrefix = `${prefix}${name}.`;
      this.visit(
        child,
        childPrefix,
        keys.filter((key) => key.startsWith(childPrefix)),
      );
    }
  }

  private match(module: Module, name: string, key: string, target: Tensor): void {
    if (!this.source.has(key)) {
      this.missing.push(key);
      return;
    }
    const value = this.source.get(key);
    if (!(value instanceof Tensor)) {
      this.errors.push(
        `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but ` +
          `received ${value === null ? 'null' : typeof value}`,
      );
      return;
    }
    const [have, want] = [value.shape, target.shape];
    // A scalar was written as one element by PyTorch 0.3.
    const oldScalar = want.length === 0 && have.length === 1 && have[0] === 1;
    if (!oldScalar && (have.length !== want.length || have.some((size, i) => size !== want[i]))) {
      this.errors.push(
        `size mismatch for ${key}: copying a param with shape ${formatSize(have)} from checkpoint, ` +
          `the shape in current model is ${formatSize(want)}.`,
      );
      return;
    }
    this.steps.push({ module, name, key, target, value });
  }
}

function copyStep({ key, target, value }: Step, errors: string[]): void {
  try {
    if (target.shape.length === 0 && value.shape.length === 1) {
      const element = value.reshape([]);
      target.copy_(element);
      element.dispose();
    } else {
      target.copy_(value);
    }
  } catch (error) {
    errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ${formatSize(target.shape)} and ` +
        `whose dimensions in the checkpoint are ${formatSize(value.shape)}, an exception occurred : ` +
        `${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

function assignStep({ module, name, target, value }: Step): void {
  let assigned = value;
  if (target instanceof Parameter) {
    if (value instanceof Parameter) value.requiresGrad_(target.requiresGrad);
    else assigned = new Parameter(value, target.requiresGrad);
  }
  fieldsOf(module)[name] = assigned;
}

/**
 * Copies (or assigns) the tensors of `given` into `root` and its submodules. Whatever can be known to be
 * wrong is reported before anything is changed.
 */
export function loadState(
  root: Module,
  given: StateDict | ReadonlyMap<string, Tensor>,
  { strict = true, assign = false }: LoadStateDictOptions,
): IncompatibleKeys {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof Tensor) {
    throw new TypeError(
      `Expected state_dict to be dict-like, got ${given === null ? 'null' : typeof given}.`,
    );
  }
  const source = isMap(given) ? (given as ReadonlyMap<string, unknown>) : new Map(Object.entries(given));
  const plan = new Plan(source);
  plan.visit(root, '', [...source.keys()]);
  const { errors, missing, unexpected } = plan;
  if (strict) {
    const list = (keys: string[]): string => keys.map((key) => `"${key}"`).join(', ');
    if (unexpected.length > 0) errors.unshift(`Unexpected key(s) in state_dict: ${list(unexpected)}. `);
    if (missing.length > 0) errors.unshift(`Missing key(s) in state_dict: ${list(missing)}. `);
  }
  const report = (): void => {
    if (errors.length === 0) return;
    throw new TorchError(
      `Error(s) in loading state_dict for ${root.constructor.name}:\n\t${errors.join('\n\t')}`,
    );
  };
  report();
  noGrad(() => {
    for (const step of plan.steps) {
      if (assign) assignStep(step);
      else copyStep(step, errors);
    }
  });
  report();
  return { missingKeys: missing, unexpectedKeys: unexpected };
}
