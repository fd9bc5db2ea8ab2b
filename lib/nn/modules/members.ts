import { Tensor } from '../../tensor.js';
import { Parameter } from '../parameter.js';
import type { HookTable } from './hooks.js';
import type { Module } from './module.js';

/** What a module keeps beside its plain properties. */
export class ModuleState {
  /** Names of the buffers in the order of registration, and whether each goes into the state dict. */
  readonly buffers = new Map<string, { persistent: boolean }>();
  /** `null` while there are no hooks, so that a call costs one comparison more than `forward`. */
  hooks: HookTable | null = null;
}

const states = new WeakMap<object, ModuleState>();

/** Makes `module` known as a module. */
export function attachState(module: object, state: ModuleState): void {
  states.set(module, state);
}

/** The state of `module`. */
export function stateOf(module: object): ModuleState {
  return states.get(module) as ModuleState;
}

/**
 * Whether `value` is a module. Modules are callable, hence functions, whatever class or realm they come from.
 */
export function isModule(value: unknown): value is Module {
  return typeof value === 'function' && states.has(value);
}

/** The properties of `module`, for reading and writing by name. */
export function fieldsOf(module: object): Record<string, unknown> {
  return module as Record<string, unknown>;
}

/**
 * The parameters among a module's own properties, in order. Properties stay plain properties, and what they
 * hold decides what they are: nothing runs when one is read or assigned.
 */
export function ownParameters(module: object): [string, Parameter][] {
  const found: [string, Parameter][] = [];
  for (const name of Object.keys(module)) {
    const value = fieldsOf(module)[name];
    if (value instanceof Parameter) found.push([name, value]);
  }
  return found;
}

/** The submodules among a module's own properties, in order. */
export function ownModules(module: object): [string, Module][] {
  const found: [string, Module][] = [];
  for (const name of Object.keys(module)) {
    const value = fieldsOf(module)[name];
    if (isModule(value)) found.push([name, value]);
  }
  return found;
}

/** The registered buffers that hold a tensor, in order of registration. */
export function ownBuffers(module: object, options: { persistentOnly?: boolean } = {}): [string, Tensor][] {
  const found: [string, Tensor][] = [];
  for (const [name, { persistent }] of stateOf(module).buffers) {
    const value = fieldsOf(module)[name];
    if (options.persistentOnly && !persistent) continue;
    if (value instanceof Tensor && !(value instanceof Parameter)) found.push([name, value]);
  }
  return found;
}
