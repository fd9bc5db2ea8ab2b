/** The base of all optimizers. Source: torch/optim/optimizer.py. */
import { inspect } from 'node:util';
import { enableGrad } from '../autograd/index.js';
import { watching } from '../graph/watch.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';
import { byDeviceAndDtype } from './foreach.js';
import {
  globalStepPostHooks,
  globalStepPreHooks,
  HookList,
  type RemovableHandle,
  type StepArguments,
  type StepPostHook,
  type StepPreHook,
} from './hooks.js';
import { pythonFloat, pythonRepr, toSnakeCase } from './names.js';
import {
  describe,
  isGroup,
  isIterable,
  type ParamGroup,
  type ParamGroupInput,
  type ParamsInput,
  refuseSnakeCase,
  splitNames,
} from './paramGroup.js';
import { Scratch } from './scratch.js';
import {
  copyValue,
  type OptimizerStateDict,
  packGroups,
  packState,
  unpackGroup,
  unpackState,
} from './stateDict.js';

type StateDictHook = (optimizer: Optimizer, stateDict: OptimizerStateDict) => OptimizerStateDict | undefined;

/**
 * Base class of all optimizers: parameter groups, state, hooks, and PyTorch's state dict.
 *
 * A subclass gives its defaults to the constructor and implements `step`, which runs its update inside `noGrad` and
 * the closure inside `enableGrad` (see `evaluate`). The hooks run around whatever `step` it has.
 *
 * Options and state have camelCase names here (`group.weightDecay`, `state.get(p).expAvg`); `stateDict()` has
 * PyTorch's (`weight_decay`, `exp_avg`).
 */
export class Optimizer<Options extends object = object, State extends object = object> {
  /** The options of groups that don't set their own. */
  readonly defaults: Options;
  /** The groups, with every option filled in; an option may be changed between steps, as schedulers do. */
  paramGroups: Array<ParamGroup<Options>> = [];
  /** The state of each parameter that has been updated. */
  state: Map<Tensor, State> = new Map();

  /** State that a loaded dict had for no parameter: kept, and saved again, as PyTorch does. */
  #unclaimedState: Record<string, unknown> = {};
  readonly #stepPreHooks = new HookList<StepPreHook>();
  readonly #stepPostHooks = new HookList<StepPostHook>();
  readonly #stateDictPreHooks = new HookList<(optimizer: Optimizer) => void>();
  readonly #stateDictPostHooks = new HookList<StateDictHook>();
  readonly #loadStateDictPreHooks = new HookList<StateDictHook>();
  readonly #loadStateDictPostHooks = new HookList<(optimizer: Optimizer) => void>();

  /**
   * @param params the parameters, an iterable of tensors, of `[name, tensor]` pairs, or of groups
   *   `{ params, lr, ... }`.
   * @param defaults values of the options that a group doesn't set.
   * @throws TypeError for anything that isn't an iterable of tensors or groups.
   * @throws RangeError for no parameters, one in two groups, or one that isn't a leaf.
   */
  constructor(params: ParamsInput<Options>, defaults: Options) {
    this.defaults = defaults;
    if (params instanceof Tensor || !isIterable(params)) {
      throw new TypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${describe(params)}`,
      );
    }
    const given: unknown[] = [...params];
    if (given.length === 0) throw new RangeError('optimizer got an empty parameter list');
    const groups = isGroup(given[0]) ? given : [{ params: given }];
    for (const group of groups) this.addParamGroup(group as ParamGroupInput<Options>);
    this.#hookStep();
  }

  /**
   * Updates the parameters from their gradients; one without a gradient is left alone.
   *
   * @param closure evaluates the model again, calls `backward` and returns the loss.
   * @returns what the closure returned.
   */
  step(): undefined;
  step<Loss>(closure: () => Loss): Loss;
  step<Loss>(_closure?: () => Loss): Loss | undefined {
    throw new Error(`${this.constructor.name} doesn't implement step`);
  }

  /**
   * Resets the gradients of all parameters.
   *
   * @param options.setToNone sets them to null rather than to zeros. Default: true. It may be given alone:
   *   `zeroGrad(false)`.
   */
  zeroGrad(options: boolean | { setToNone?: boolean } = {}): void {
    const { setToNone = true } = typeof options === 'boolean' ? { setToNone: options } : options;
    const { foreach, fused } = this.defaults as { foreach?: boolean | null; fused?: boolean | null };
    const together: Tensor[] = [];
    using scratch = new Scratch();
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        if (setToNone) {
          parameter.grad = null;
          continue;
        }
        const grad = scratch.gradOf(parameter);
        if (grad === null) continue;
        if (grad.gradFn !== null) grad.detach_();
        else grad.requiresGrad_(false);
        if ((foreach || fused) && !grad.isSparse) together.push(grad);
        else grad.zero_();
      }
    }
    for (const [grads] of byDeviceAndDtype([together])) ops.aten._foreach_zero_(grads);
  }

  /**
   * Adds a group of parameters, to fine-tune layers that were frozen, for example.
   *
   * @throws TypeError for a group of the wrong form, an option spelled as in Python included.
   * @throws RangeError for a parameter that another group has, or one that isn't a leaf.
   */
  addParamGroup(input: ParamGroupInput<Options>): void {
    if (!isGroup(input)) throw new TypeError(`param_group must be a dict, but got ${describe(input)}`);
    refuseSnakeCase(input, this.defaults);
    const { tensors, names } = splitNames(input.params);
    for (const parameter of tensors) {
      if (!parameter.isLeaf && !parameter.retainsGrad)
        throw new RangeError("can't optimize a non-leaf Tensor");
    }
    if (new Set(tensors).size !== tensors.length) {
      process.emitWarning(
        'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; ' +
          'see github.com/pytorch/pytorch/issues/40967 for more information',
        'UserWarning',
      );
    }
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const group = { ...this.defaults, ...given, params: tensors } as ParamGroup<Options>;
    if (names !== undefined) group.paramNames = names;
    this.#checkAgainstOtherGroups(group);
    this.paramGroups.push(group);
  }

  #checkAgainstOtherGroups(group: ParamGroup<Options>): void {
    const taken = new Set<Tensor>();
    for (const other of this.paramGroups) {
      if ((group.paramNames === undefined) !== (other.paramNames === undefined)) {
        throw new RangeError(
          'all optimizer param groups should be with/without names. cannot add param group ' +
            `${group.paramNames === undefined ? 'without names' : 'with names'} to the optimizer`,
        );
      }
      for (const parameter of other.params) taken.add(parameter);
    }
    if (group.params.some((parameter) => taken.has(parameter))) {
      throw new RangeError('some parameters appear in more than one parameter group');
    }
  }

  /**
   * The state in PyTorch's form: `{ state: { 0: { step, exp_avg, ... } }, param_groups: [{ lr, ..., params: [0] }] }`,
   * with PyTorch's keys. Parameters are numbered in the order of the groups. As in PyTorch the tensors are the
   * optimizer's own, not copies.
   */
  stateDict(): OptimizerStateDict {
    for (const hook of this.#stateDictPreHooks) hook(this);
    const { packed, ids } = packGroups(this.paramGroups);
    const state: OptimizerStateDict['state'] = {};
    for (const [parameter, values] of this.state) {
      const id = ids.get(parameter);
      if (id !== undefined) state[id] = packState(values);
    }
    Object.assign(state, this.#unclaimedState);
    let result: OptimizerStateDict = { state, param_groups: packed };
    for (const hook of this.#stateDictPostHooks) result = hook(this, result) ?? result;
    return result;
  }

  /**
   * Loads what `stateDict()` returned, here or in PyTorch. Options come from the dict too. The tensors are copied
   * (PyTorch shares those that need no cast), so the dict may be disposed of afterwards.
   *
   * @throws RangeError where the groups or their sizes differ from this optimizer's.
   */
  loadStateDict(stateDict: OptimizerStateDict): void {
    let dict: OptimizerStateDict = { ...stateDict };
    for (const hook of this.#loadStateDictPreHooks) dict = hook(this, dict) ?? dict;
    if (!Array.isArray(dict.param_groups) || typeof dict.state !== 'object' || dict.state === null) {
      throw new TypeError("an optimizer's state dict has the keys 'state' and 'param_groups'");
    }
    const parameters = this.#matchParameters(dict);

    const state = new Map<Tensor, State>();
    const unclaimed: Record<string, unknown> = {};
    for (const [id, values] of Object.entries(dict.state)) {
      const parameter = parameters.get(id);
      if (parameter === undefined) unclaimed[id] = copyValue(values);
      else state.set(parameter, unpackState(parameter, values) as State);
    }
    const groups = dict.param_groups.map((packed, i) => {
      const { params, paramNames } = this.paramGroups[i] as ParamGroup<Options>;
      const names = paramNames === undefined ? {} : { paramNames };
      return { ...names, ...unpackGroup(packed), params } as ParamGroup<Options>;
    });
    this.state = state;
    this.#unclaimedState = unclaimed;
    this.paramGroups = groups;
    this.afterLoad();
    for (const hook of this.#loadStateDictPostHooks) hook(this);
  }

  /** Each parameter by its number in the dict. */
  #matchParameters(dict: OptimizerStateDict): Map<string, Tensor> {
    if (dict.param_groups.length !== this.paramGroups.length) {
      throw new RangeError('loaded state dict has a different number of parameter groups');
    }
    const parameters = new Map<string, Tensor>();
    dict.param_groups.forEach((packed, i) => {
      const { params } = this.paramGroups[i] as ParamGroup<Options>;
      if (!Array.isArray(packed.params) || packed.params.length !== params.length) {
        throw new RangeError(
          "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
        );
      }
      packed.params.forEach((id, k) => {
        parameters.set(String(id), params[k] as Tensor);
      });
    });
    return parameters;
  }

  /** Completes what was loaded from an older dict; subclasses add the options that it lacks. */
  protected afterLoad(): void {}

  /** Runs the closure of a step, with gradients. */
  protected evaluate<Loss>(closure: (() => Loss) | undefined): Loss | undefined {
    return closure === undefined ? undefined : enableGrad(() => closure());
  }

  /** Registers a hook that runs before `step` and may return other arguments for it. */
  registerStepPreHook(hook: StepPreHook): RemovableHandle {
    return this.#stepPreHooks.add(hook);
  }

  /** Registers a hook that runs after `step`. */
  registerStepPostHook(hook: StepPostHook): RemovableHandle {
    return this.#stepPostHooks.add(hook);
  }

  /** Registers a hook that runs before `stateDict()` collects the state. */
  registerStateDictPreHook(
    hook: (optimizer: Optimizer) => void,
    options: { prepend?: boolean } = {},
  ): RemovableHandle {
    return this.#stateDictPreHooks.add(hook, options.prepend);
  }

  /** Registers a hook that may change or replace what `stateDict()` returns. */
  registerStateDictPostHook(hook: StateDictHook, options: { prepend?: boolean } = {}): RemovableHandle {
    return this.#stateDictPostHooks.add(hook, options.prepend);
  }

  /** Registers a hook that may change or replace what `loadStateDict()` loads. */
  registerLoadStateDictPreHook(hook: StateDictHook, options: { prepend?: boolean } = {}): RemovableHandle {
    return this.#loadStateDictPreHooks.add(hook, options.prepend);
  }

  /** Registers a hook that runs after `loadStateDict()`. */
  registerLoadStateDictPostHook(
    hook: (optimizer: Optimizer) => void,
    options: { prepend?: boolean } = {},
  ): RemovableHandle {
    return this.#loadStateDictPostHooks.add(hook, options.prepend);
  }

  /** Puts the hooks around the `step` of the subclass, in this object, so that `super.step` runs none. */
  #hookStep(): void {
    const implementation = this.step as (...args: StepArguments) => unknown;
    const hooked = (...given: StepArguments): unknown => {
      let args = given;
      for (const hooks of [globalStepPreHooks, this.#stepPreHooks]) {
        for (const hook of hooks) {
          const result: unknown = hook(this, args);
          if (result === undefined || result === null) continue;
          if (!Array.isArray(result)) {
            throw new TypeError('a step pre hook must return nothing or an array of the new arguments');
          }
          args = result;
        }
      }
      watching.by?.stepped(this);
      const out = implementation.apply(this, args);
      for (const hooks of [this.#stepPostHooks, globalStepPostHooks]) {
        for (const hook of hooks) hook(this, args);
      }
      return out;
    };
    Object.defineProperty(this, 'step', { value: hooked, writable: true, configurable: true });
  }

  /** PyTorch's printed form. */
  toString(): string {
    const groups = this.paramGroups.map((group, i) => {
      const lines = Object.entries(group)
        .filter(([name]) => name !== 'params')
        .map(([name, value]): [string, unknown] => [toSnakeCase(name), value])
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([name, value]) => `    ${name}: ${printed(value)}\n`);
      return `\nParameter Group ${i}\n${lines.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** A value as an f-string prints it: a string bare, a tensor without dimensions as its value, else the `repr`. */
function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Tensor && value.dim() === 0) return pythonFloat(Number(value.item()));
  return pythonRepr(value);
}
