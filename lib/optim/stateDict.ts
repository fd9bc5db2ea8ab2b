/**
 * The state of an optimizer in PyTorch's form. Its keys are PyTorch's own (`exp_avg`, `param_groups`), so that what
 * is saved here loads there and back. Source: torch/optim/optimizer.py.
 */
import { keep } from '../memory.js';
import { Tensor } from '../tensor.js';
import { toCamelCase, toSnakeCase } from './names.js';
import type { ParamGroup } from './paramGroup.js';

/** State of one parameter, by PyTorch's names: `step`, `exp_avg`, `momentum_buffer`, ... */
export type PackedState = Record<string, unknown>;

/** A group with PyTorch's option names, its parameters replaced by their numbers. */
export interface PackedGroup {
  [option: string]: unknown;
  params: number[];
}

/** What `stateDict()` returns and `loadStateDict()` takes. */
export interface OptimizerStateDict {
  /** By the number of the parameter. */
  state: Record<string, PackedState>;
  param_groups: PackedGroup[];
}

/** Numbers every parameter in the order of the groups and packs the groups. */
export function packGroups(groups: readonly ParamGroup[]): {
  packed: PackedGroup[];
  ids: Map<Tensor, number>;
} {
  const ids = new Map<Tensor, number>();
  let start = 0;
  const packed = groups.map((group) => {
    group.params.forEach((parameter, i) => {
      if (!ids.has(parameter)) ids.set(parameter, start + i);
    });
    start += group.params.length;
    const options = Object.entries(group)
      .filter(([name]) => name !== 'params')
      .map(([name, value]) => [toSnakeCase(name), Array.isArray(value) ? [...value] : value]);
    const params = group.params.map((parameter) => ids.get(parameter) as number);
    return { ...Object.fromEntries(options), params } as PackedGroup;
  });
  return { packed, ids };
}

/** The state of one parameter with PyTorch's names. The tensors are the optimizer's own, not copies. */
export function packState(state: object): PackedState {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [toSnakeCase(name), value]));
}

/** A copy that shares no tensor and no array with the value. */
export function copyValue(value: unknown): unknown {
  if (value instanceof Tensor) return keep(value.detach().clone());
  if (Array.isArray(value)) return value.map(copyValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyValue(item)]));
  }
  return value;
}

/** The options of a packed group under their names here; `params` is left out. */
export function unpackGroup(packed: PackedGroup): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(packed)) {
    if (name !== 'params') options[toCamelCase(name)] = copyValue(value);
  }
  return options;
}

/**
 * The state of one parameter, copied and cast as PyTorch casts it: to the parameter's device, and, where the parameter
 * is of a real floating type, to its dtype; except `step`, which stays as it is.
 */
export function unpackState(parameter: Tensor, packed: PackedState): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(packed)) {
    state[toCamelCase(name)] =
      value instanceof Tensor && name !== 'step' ? castLike(parameter, value) : copyValue(value);
  }
  return state;
}

function castLike(parameter: Tensor, value: Tensor): Tensor {
  const source = value.detach();
  const dtype = parameter.dtype.isFloatingPoint ? parameter.dtype : value.dtype;
  // `to` may give back its argument, and the state must not be shared with the dict.
  const result = source.to({ dtype, device: parameter.device, copy: true });
  source.dispose();
  return keep(result);
}
