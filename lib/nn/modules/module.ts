import { inspect } from 'node:util';
import { noGrad } from '../../autograd/index.js';
import { Device } from '../../device.js';
import * as dtypes from '../../dtype.js';
import { DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { watching } from '../../graph/watch.js';
import { keep, tidy } from '../../memory.js';
import { Tensor } from '../../tensor.js';
import { indentRest } from '../format.js';
import { Parameter } from '../parameter.js';
import {
  checkHook,
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  HookTable,
  missingForward,
  RemovableHandle,
} from './hooks.js';
import {
  attachState,
  fieldsOf,
  isModule,
  ModuleState,
  ownBuffers,
  ownModules,
  ownParameters,
  stateOf,
} from './members.js';
import {
  type IncompatibleKeys,
  type LoadStateDictOptions,
  loadState,
  type StateDict,
  type StateDictOptions,
  saveOwnState,
} from './state.js';

/**
 * The arguments of a module's `forward`, and so of a call of the module; any, where its class is not known.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a module takes whose class is not known is not known either.
export type ForwardArgs<M> = M extends { forward: (...args: infer A) => unknown } ? A : any[];

/** What a call of the module gives. */
export type ForwardResult<M> = M extends { forward: (...args: never[]) => infer R } ? R : unknown;

/** A module that makes one tensor out of one tensor, as the layers of a `Sequential` do. */
export type TensorModule = ((input: Tensor) => Tensor) & Module;

/** How {@link Module.namedParameters}, {@link Module.namedBuffers} and {@link Module.namedModules} walk. */
export interface NamedMembersOptions {
  /** Put before every name. Default: `''`. */
  prefix?: string;
  /** Whether submodules are walked too. Default: `true`. */
  recurse?: boolean;
  /** Give what several modules share once, under its first name. Default: `true`. */
  removeDuplicate?: boolean;
}

/** Where {@link Module.to} moves parameters and buffers. */
export interface ModuleToOptions {
  /** The device to move to. */
  device?: Device | string;
  /** A floating point or complex dtype, for what is floating point or complex already. */
  dtype?: DType;
  /** Whether the copy may be asynchronous. Default: `false`. */
  nonBlocking?: boolean;
}

export interface Module {
  /** Runs the module: its hooks, and `forward` between them. This is the one way to call a module. */
  // biome-ignore lint/style/useShorthandFunctionType: it merges with the class, which a type cannot.
  (...args: ForwardArgs<this>): ForwardResult<this>;
}

/**
 * The base class of all neural network modules.
 *
 * A subclass makes its parts in the constructor and says in `forward` what they do; an instance is called
 * like a function, as in PyTorch:
 *
 * ```ts
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(10, 20);
 *   out = new nn.Linear(20, 2);
 *   forward(x: Tensor): Tensor {
 *     return this.out(F.relu(this.hidden(x)));
 *   }
 * }
 * const net = new Net();
 * const y = net(torch.randn([3, 10]));
 * ```
 *
 * The arguments and the result of the call are typed by `forward`. Call the module, not `forward`: only the
 * call runs the hooks.
 *
 * Parameters and submodules are a module's own properties that hold a `Parameter` or a `Module`, in the order
 * in which the properties came to be: in the order of the class's fields, then of assignment. What lies in a
 * `#private` field, an array or a Map is not found, as in PyTorch; use `ModuleList`, `ModuleDict` and
 * `ParameterList`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Module.html
 */
export class Module {
  /** Whether the module is in training mode. Set by {@link train} and {@link eval}. */
  declare training: boolean;

  constructor() {
    const state = new ModuleState();
    const run = (...args: unknown[]): unknown => {
      if (watching.by !== undefined) watching.by.called(self);
      return state.hooks === null ? self.forward(...args) : state.hooks.run(self, self.forward, args);
    };
    const self = Object.setPrototypeOf(run, new.target.prototype as object) as this & WithForward;
    // A module may have properties of these names, and a function's own are read-only.
    Reflect.deleteProperty(self, 'name');
    Reflect.deleteProperty(self, 'length');
    attachState(self, state);
    self.training = true;
    // biome-ignore lint/correctness/noConstructorReturn: the instance is the function.
    return self;
  }

  /**
   * Adds a tensor that is part of the module's state and not a parameter, as property `name`.
   *
   * @throws TorchError if the name is taken, empty or has a dot; TypeError if `tensor` is neither a tensor
   *   nor `null`.
   */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    { persistent = true }: { persistent?: boolean } = {},
  ): void {
    const { buffers } = stateOf(this);
    checkName(this, 'buffer', name, buffers.has(name));
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new TypeError(
        `cannot assign '${typeof tensor}' object to buffer '${name}' (torch Tensor or null required)`,
      );
    }
    if (tensor !== null) keep(tensor);
    fieldsOf(this)[name] = tensor;
    buffers.set(name, { persistent });
  }

  /**
   * Adds a parameter as property `name`; `null` for one that is left out.
   *
   * @throws TorchError if the name is taken, empty or has a dot; TypeError if `parameter` is not a
   *   `Parameter`.
   */
  registerParameter(name: string, parameter: Parameter | null): void {
    checkName(
      this,
      'parameter',
      name,
      fieldsOf(this)[name] instanceof Parameter || fieldsOf(this)[name] === null,
    );
    if (parameter !== null && !(parameter instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typeof parameter}' object to parameter '${name}' (torch.nn.Parameter or null required)`,
      );
    }
    fieldsOf(this)[name] = parameter;
  }

  /**
   * Adds a submodule as property `name`.
   *
   * @throws TorchError if the name is taken, empty or has a dot; TypeError if `module` is not a `Module`.
   */
  addModule(name: string, module: Module | null): void {
    if (module !== null && !isModule(module))
      throw new TypeError(`${typeof module} is not a Module subclass`);
    checkName(this, 'module', name, isModule(fieldsOf(this)[name]) || fieldsOf(this)[name] === null);
    fieldsOf(this)[name] = module;
  }

  /** The same as {@link addModule}. */
  registerModule(name: string, module: Module | null): void {
    this.addModule(name, module);
  }

  /**
   * The submodule at a dotted path; `''` is the module itself.
   *
   * @throws TorchError if there is none.
   */
  getSubmodule(target: string): Module {
    let module: Module = this;
    if (target === '') return module;
    for (const atom of target.split('.')) {
      const value = attribute(module, atom);
      if (!isModule(value)) throw new TorchError(`\`${atom}\` is not an nn.Module`);
      module = value;
    }
    return module;
  }

  /**
   * The parameter at a dotted path.
   *
   * @throws TorchError if there is none.
   */
  getParameter(target: string): Parameter {
    const [module, name] = ownerOf(this, target);
    const value = attribute(module, name);
    if (!(value instanceof Parameter)) throw new TorchError(`\`${name}\` is not an nn.Parameter`);
    return value;
  }

  /**
   * The buffer at a dotted path.
   *
   * @throws TorchError if there is none.
   */
  getBuffer(target: string): Tensor {
    const [module, name] = ownerOf(this, target);
    const value = attribute(module, name);
    if (!stateOf(module).buffers.has(name) || !(value instanceof Tensor)) {
      throw new TorchError(`\`${name}\` is not a buffer`);
    }
    return value;
  }

  /** The parameters of the module and, with `recurse`, of its submodules, each once. */
  *parameters(recurse = true): Generator<Parameter, void, undefined> {
    for (const [, parameter] of this.namedParameters({ recurse })) yield parameter;
  }

  /** The parameters with their dotted names. A parameter that is shared comes once, under its first name. */
  namedParameters(options: NamedMembersOptions = {}): Generator<[string, Parameter], void, undefined> {
    return namedMembers(this, ownParameters, options);
  }

  /** The buffers of the module and, with `recurse`, of its submodules, each once. */
  *buffers(recurse = true): Generator<Tensor, void, undefined> {
    for (const [, buffer] of this.namedBuffers({ recurse })) yield buffer;
  }

  /** The buffers with their dotted names. */
  namedBuffers(options: NamedMembersOptions = {}): Generator<[string, Tensor], void, undefined> {
    return namedMembers(this, (module) => ownBuffers(module), options);
  }

  /** The submodules that are the module's own, each once. */
  *children(): Generator<Module, void, undefined> {
    for (const [, module] of this.namedChildren()) yield module;
  }

  /** The submodules that are the module's own, with their names, each once. */
  *namedChildren(): Generator<[string, Module], void, undefined> {
    const seen = new Set<Module>();
    for (const [name, module] of ownModules(this)) {
      if (seen.has(module)) continue;
      seen.add(module);
      yield [name, module];
    }
  }

  /** The module and all below it, each once. */
  *modules(): Generator<Module, void, undefined> {
    for (const [, module] of this.namedModules()) yield module;
  }

  /** The module and all below it with their dotted names; its own name is the prefix. */
  *namedModules({
    prefix = '',
    removeDuplicate = true,
  }: Omit<NamedMembersOptions, 'recurse'> = {}): Generator<[string, Module], void, undefined> {
    const seen = new Set<Module>();
    const walk = function* (path: string, module: Module): Generator<[string, Module], void, undefined> {
      if (seen.has(module)) return;
      if (removeDuplicate) seen.add(module);
      yield [path, module];
      for (const [name, child] of ownModules(module))
        yield* walk(path === '' ? name : `${path}.${name}`, child);
    };
    yield* walk(prefix, this);
  }

  /** Puts the module and all below it into training mode, or with `false` into evaluation mode. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new TypeError('training mode is expected to be boolean');
    this.training = mode;
    watching.by?.switched(this);
    for (const child of this.children()) child.train(mode);
    return this;
  }

  /** Puts the module and all below it into evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Says of every parameter whether gradients are wanted for it. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad);
    return this;
  }

  /** Takes every parameter's gradient away, or fills it with zeros if `setToNone` is `false`. */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
    // An object for a gradient would hold its memory until it is collected: none outlives this.
    tidy(() => {
      for (const parameter of this.parameters()) {
        if (setToNone) {
          parameter.grad = null;
          continue;
        }
        const { grad } = parameter;
        if (grad === null) continue;
        if (grad.gradFn !== null) grad.detach_();
        else grad.requiresGrad_(false);
        grad.zero_();
      }
    });
  }

  /** Calls `fn` with every module below this one, from the leaves up, and with this one last. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /**
   * Moves parameters, their gradients and buffers, in place: the `Parameter` objects stay the same.
   * Takes a device, a dtype, a tensor whose device and dtype are taken, or `{ device, dtype, nonBlocking }`.
   *
   * @throws TypeError for a dtype that is neither floating point nor complex.
   */
  to(target: Device | string | DType | Tensor | ModuleToOptions, dtype?: DType): this {
    const { nonBlocking = false, ...wanted } = parseTo(target, dtype);
    if (wanted.dtype && !(wanted.dtype.isFloatingPoint || wanted.dtype.isComplex)) {
      throw new TypeError(
        'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=' +
          String(wanted.dtype),
      );
    }
    return this._apply((tensor) => {
      const converts = tensor.dtype.isFloatingPoint || tensor.dtype.isComplex;
      return tensor.to({
        device: wanted.device ?? tensor.device,
        dtype: converts && wanted.dtype ? wanted.dtype : tensor.dtype,
        nonBlocking,
      });
    });
  }

  /** Moves parameters and buffers to the CPU. */
  cpu(): this {
    return this.to('cpu');
  }

  /** Moves parameters and buffers to a CUDA device, the current one by default. */
  cuda(device?: Device | string | number): this {
    return this.to(device === undefined ? 'cuda' : typeof device === 'number' ? `cuda:${device}` : device);
  }

  /** Casts floating point parameters and buffers to float32. */
  float(): this {
    return this._apply(floatingTo(dtypes.float32));
  }

  /** Casts floating point parameters and buffers to float64. */
  double(): this {
    return this._apply(floatingTo(dtypes.float64));
  }

  /** Casts floating point parameters and buffers to float16. */
  half(): this {
    return this._apply(floatingTo(dtypes.float16));
  }

  /** Casts floating point parameters and buffers to bfloat16. */
  bfloat16(): this {
    return this._apply(floatingTo(dtypes.bfloat16));
  }

  /**
   * Lets other threads have the memory of all parameters, their gradients and buffers; see `Tensor.shareMemory_`.
   * `torch.multiprocessing.share(module.stateDict())` sends them to one.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Module.html#torch.nn.Module.share_memory
   */
  shareMemory(): this {
    return this._apply((tensor) => tensor.shareMemory_());
  }

  /** Replaces the data of every parameter, gradient and buffer by what `fn` makes of it. For subclasses. */
  protected _apply(fn: (tensor: Tensor) => Tensor): this {
    for (const child of this.children()) child._apply(fn);
    noGrad(() =>
      tidy(() => {
        for (const [, parameter] of ownParameters(this)) {
          const { grad } = parameter;
          replaceData(parameter, fn(parameter));
          if (grad !== null) replaceData(grad, fn(grad));
        }
        for (const [name, buffer] of ownBuffers(this)) fieldsOf(this)[name] = keep(fn(buffer));
      }),
    );
    return this;
  }

  /**
   * The parameters and persistent buffers of the module and of all below it, under PyTorch's keys and in
   * PyTorch's order. The tensors are detached and share the memory of the module's own.
   */
  stateDict({ prefix = '', keepVars = false, destination = {} }: StateDictOptions = {}): StateDict {
    saveOwnState(this, destination, prefix, keepVars);
    for (const [name, child] of ownModules(this)) {
      child.stateDict({ destination, prefix: `${prefix}${name}.`, keepVars });
    }
    return destination;
  }

  /**
   * Copies the tensors of a state dict, an object or a Map, into the module. What is missing, unexpected or
   * of the wrong size is reported before anything is copied.
   *
   * @throws TorchError with PyTorch's message if keys (unless `strict` is `false`) or sizes do not match.
   */
  loadStateDict(
    stateDict: StateDict | ReadonlyMap<string, Tensor>,
    options: LoadStateDictOptions = {},
  ): IncompatibleKeys {
    return loadState(this, stateDict, options);
  }

  /** Adds a hook that sees the result of every call, and may replace it. */
  registerForwardHook(
    hook: ForwardHook<this>,
    { prepend = false, alwaysCall = false }: ForwardHookOptions = {},
  ): RemovableHandle {
    checkHook('registerForwardHook', hook);
    const entry = { hook: hook as never, alwaysCall };
    return withHooks(
      this,
      (hooks) => hooks.addPost(entry, prepend),
      (hooks) => {
        hooks.post = hooks.post.filter((other) => other !== entry);
      },
    );
  }

  /** Adds a hook that sees the arguments of every call before `forward` does, and may replace them. */
  registerForwardPreHook(
    hook: ForwardPreHook<this>,
    { prepend = false }: { prepend?: boolean } = {},
  ): RemovableHandle {
    checkHook('registerForwardPreHook', hook);
    // A function of its own for each registration, so that one hook can be registered twice and removed once.
    const entry = (module: Module, args: unknown[]): unknown =>
      (hook as (...all: unknown[]) => unknown)(module, args);
    return withHooks(
      this,
      (hooks) => hooks.addPre(entry, prepend),
      (hooks) => {
        hooks.pre = hooks.pre.filter((other) => other !== entry);
      },
    );
  }

  /** What the printed form says between the parentheses. For subclasses; nothing by default. */
  extraRepr(): string {
    return '';
  }

  /** The module as PyTorch prints it. */
  toString(): string {
    const extra = this.extraRepr();
    const lines = extra === '' ? [] : extra.split('\n');
    const children = ownModules(this).map(([name, child]) => `(${name}): ${indentRest(child.toString(), 2)}`);
    const name = this.constructor.name;
    if (lines.length === 1 && children.length === 0) return `${name}(${lines[0]})`;
    const all = [...lines, ...children];
    return all.length === 0 ? `${name}()` : `${name}(\n  ${all.join('\n  ')}\n)`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Frees the memory of all parameters, gradients and buffers now. The module cannot be used afterwards. */
  dispose(): void {
    for (const parameter of this.parameters()) {
      parameter.grad?.dispose();
      parameter.dispose();
    }
    for (const buffer of this.buffers()) buffer.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

interface WithForward {
  forward(...args: unknown[]): unknown;
}

// Not a member of the class: a subclass would have to write `override`, and could not have its own arguments.
Object.defineProperty(Module.prototype, 'forward', {
  configurable: true,
  writable: true,
  value(this: Module): never {
    return missingForward(this.constructor.name);
  },
});

// What would be private methods. The instance is not the object that the constructor began with, so it has
// none.

function ownerOf(root: Module, target: string): [Module, string] {
  const dot = target.lastIndexOf('.');
  return [root.getSubmodule(dot < 0 ? '' : target.slice(0, dot)), target.slice(dot + 1)];
}

function* namedMembers<T>(
  root: Module,
  own: (module: Module) => [string, T][],
  { prefix = '', recurse = true, removeDuplicate = true }: NamedMembersOptions,
): Generator<[string, T], void, undefined> {
  const seen = new Set<T>();
  const modules: Iterable<[string, Module]> = recurse
    ? root.namedModules({ prefix, removeDuplicate })
    : [[prefix, root]];
  for (const [path, module] of modules) {
    for (const [name, value] of own(module)) {
      if (seen.has(value)) continue;
      if (removeDuplicate) seen.add(value);
      yield [path === '' ? name : `${path}.${name}`, value];
    }
  }
}

function floatingTo(dtype: DType): (tensor: Tensor) => Tensor {
  return (tensor) => (tensor.dtype.isFloatingPoint ? tensor.to({ dtype }) : tensor);
}

function withHooks(
  module: Module,
  add: (hooks: HookTable) => void,
  remove: (hooks: HookTable) => void,
): RemovableHandle {
  const state = stateOf(module);
  const hooks = state.hooks ?? new HookTable();
  state.hooks = hooks;
  add(hooks);
  return new RemovableHandle(() => {
    remove(hooks);
    if (hooks.isEmpty && state.hooks === hooks) state.hooks = null;
  });
}

function checkName(
  module: Module,
  kind: 'buffer' | 'parameter' | 'module',
  name: string,
  registered: boolean,
): void {
  if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${typeof name}`);
  if (name.includes('.')) {
    throw new TorchError(
      kind === 'module' ? `module name can't contain ".", got: ${name}` : `${kind} name can't contain "."`,
    );
  }
  if (name === '') throw new TorchError(`${kind} name can't be empty string ""`);
  if (!registered && fieldsOf(module)[name] !== undefined)
    throw new TorchError(`attribute '${name}' already exists`);
}

function attribute(module: Module, name: string): unknown {
  const value = fieldsOf(module)[name];
  if (value === undefined) throw new TorchError(`${module.constructor.name} has no attribute \`${name}\``);
  return value;
}

function parseTo(target: unknown, dtype: DType | undefined): ModuleToOptions {
  if (target instanceof Tensor) return { device: target.device, dtype: target.dtype };
  if (target instanceof DType) return { dtype: target };
  if (typeof target === 'string' || target instanceof Device)
    return dtype ? { device: target, dtype } : { device: target };
  if (typeof target === 'object' && target !== null) {
    const known = ['device', 'dtype', 'nonBlocking'];
    for (const key of Object.keys(target)) {
      if (!known.includes(key))
        throw new TypeError(`to: unknown option '${key}'; the options are ${known.join(', ')}`);
    }
    return target;
  }
  throw new TypeError(
    `to: expected a device, a dtype, a Tensor or options, got ${target === null ? 'null' : typeof target}`,
  );
}

function replaceData(tensor: Tensor, data: Tensor): void {
  if (data === tensor) return;
  tensor.data = data;
  data.dispose();
}
