import { TorchError } from '../../errors.js';
import { isPlainObject } from '../../options.js';
import { Tensor } from '../../tensor.js';
import { indentRest } from '../format.js';
import { Parameter } from '../parameter.js';
import { fieldsOf, isModule, ownModules, ownParameters } from './members.js';
import { Module, type TensorModule } from './module.js';
import { isQuiet } from './quiet.js';

/** The place that `index`, which may count from the end, names among `length`. */
function place(index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new RangeError(`index ${index} is out of range`);
  }
  return index < 0 ? index + length : index;
}

function modulesOf<M extends Module>(container: Module): M[] {
  return ownModules(container).map(([, module]) => module as M);
}

/** Takes all submodules away and adds `modules` as `0`, `1`, …. */
function renumber(container: Module, modules: readonly Module[]): void {
  for (const [name] of ownModules(container)) Reflect.deleteProperty(container, name);
  for (const [i, module] of modules.entries()) container.addModule(String(i), module);
}

/** Submodules that are called `0`, `1`, …: what `Sequential` and `ModuleList` share. */
abstract class ModuleRow<M extends Module> extends Module {
  [index: number]: M;

  /** How many modules there are. */
  override get length(): number {
    return ownModules(this).length;
  }

  /** The modules in order. */
  [Symbol.iterator](): IterableIterator<M> {
    return modulesOf<M>(this).values();
  }

  /**
   * The module at a place, counted from the end if negative.
   *
   * @throws RangeError if there is none.
   */
  at(index: number): M {
    const modules = modulesOf<M>(this);
    return modules[place(index, modules.length)] as M;
  }

  /** Adds a module at the end. */
  append(module: M): this {
    this.addModule(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<M>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /**
   * Adds a module before the one at `index`; those from there on move up by one.
   *
   * @throws RangeError for an index out of range.
   */
  insert(index: number, module: M): this {
    const modules = modulesOf<M>(this);
    if (!isModule(module)) throw new TypeError(`${typeof module} is not a Module subclass`);
    if (!Number.isInteger(index) || index < -modules.length || index > modules.length) {
      throw new RangeError(`Index out of range: ${index}`);
    }
    modules.splice(index < 0 ? index + modules.length : index, 0, module);
    renumber(this, modules);
    return this;
  }

  /**
   * Takes the module at a place away and gives it back; the places of those after it change.
   *
   * @throws RangeError if there is none.
   */
  pop(index: number): M {
    const modules = modulesOf<M>(this);
    const [removed] = modules.splice(place(index, modules.length), 1);
    renumber(this, modules);
    return removed as M;
  }
}

/**
 * Modules that run one after the other, each on the result of the one before. Takes the modules, or one
 * object that names them.
 *
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
 * ```
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Sequential.html
 */
export class Sequential extends ModuleRow<TensorModule> {
  constructor(...modules: TensorModule[] | [named: Record<string, TensorModule>]) {
    super();
    const [first] = modules;
    if (modules.length === 1 && isPlainObject(first)) {
      for (const [name, module] of Object.entries(first)) this.addModule(name, module as Module);
    } else {
      for (const [i, module] of modules.entries()) this.addModule(String(i), module as Module);
    }
  }

  forward(input: Tensor): Tensor {
    let output = input;
    // Whether `output` has been made here, and nobody but the next module sees it: then it is garbage after that.
    let isOurs = false;
    for (const module of this) {
      const mayFree = isQuiet(module);
      const next = module(output);
      const isFresh = next !== output;
      if (isFresh && isOurs && mayFree) output.dispose();
      isOurs = isFresh ? mayFree : isOurs && mayFree;
      output = next;
    }
    return output;
  }

  /**
   * The modules from `start` up to, but without, `end`, in a `Sequential` of their own under the same names.
   */
  slice(start?: number, end?: number): Sequential {
    const part = new Sequential();
    for (const [name, module] of ownModules(this).slice(start, end)) part.addModule(name, module);
    return part;
  }
}

/**
 * A list of modules that are submodules of the module that holds the list. Index it, or walk it with `for …
 * of`.
 *
 * ```ts
 * layers = new nn.ModuleList([new nn.Linear(4, 4), new nn.Linear(4, 4)]);
 * ```
 *
 * `new ModuleList(modules = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.ModuleList.html
 */
export class ModuleList<M extends Module = Module> extends ModuleRow<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  override extend(modules: Iterable<M>): this {
    if (modules === null || typeof (modules as Partial<Iterable<M>>)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`ModuleList.extend should be called with an iterable, but got ${typeof modules}`);
    }
    return super.extend(modules);
  }

  /** The modules from `start` up to, but without, `end`, in a list of their own. */
  slice(start?: number, end?: number): ModuleList<M> {
    return new ModuleList(modulesOf<M>(this).slice(start, end));
  }

  /** As PyTorch prints it: neighbours that print alike stand in one line. */
  override toString(): string {
    const name = this.constructor.name;
    const blocks: { text: string; first: number; last: number }[] = [];
    for (const [i, module] of modulesOf(this).entries()) {
      const text = module.toString();
      const block = blocks.at(-1);
      if (block?.text === text) block.last = i;
      else blocks.push({ text, first: i, last: i });
    }
    if (blocks.length === 0) return `${name}()`;
    const lines = blocks.map(({ text, first, last }) =>
      indentRest(
        first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`,
        2,
      ),
    );
    return `${name}(\n  ${lines.join('\n  ')}\n)`;
  }
}

/**
 * Named modules that are submodules of the module that holds the dictionary.
 *
 * ```ts
 * heads = new nn.ModuleDict({ start: new nn.Linear(8, 1), end: new nn.Linear(8, 1) });
 * …
 * this.heads.get('start')(x);
 * ```
 *
 * `new ModuleDict(modules = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.ModuleDict.html
 *
 * @throws TorchError for a name that a property of the dictionary has already, such as `keys` or `train`.
 */
export class ModuleDict<T extends Record<string, Module> = Record<string, Module>> extends Module {
  constructor(modules?: T | Iterable<readonly [string, T[string]]>) {
    super();
    if (modules !== undefined) this.update(modules);
  }

  /** How many modules there are. */
  override get length(): number {
    return ownModules(this).length;
  }

  /** The names, as in Python. */
  [Symbol.iterator](): IterableIterator<keyof T & string> {
    return this.keys();
  }

  /**
   * The module of that name.
   *
   * @throws TorchError if there is none.
   */
  get<K extends keyof T & string>(key: K): T[K] {
    if (!this.has(key)) throw new TorchError(`ModuleDict has no module '${key}'`);
    return fieldsOf(this)[key] as T[K];
  }

  /** Adds a module, or puts it in the place of the one of that name. */
  set<K extends keyof T & string>(key: K, module: T[K]): this {
    this.addModule(key, module);
    return this;
  }

  /** Whether there is a module of that name. */
  has(key: string): boolean {
    return Object.hasOwn(this, key) && isModule(fieldsOf(this)[key]);
  }

  /** Takes the module of that name away; says whether there was one. */
  delete(key: string): boolean {
    return this.has(key) && Reflect.deleteProperty(this, key);
  }

  /**
   * Takes the module of that name away and gives it back.
   *
   * @throws TorchError if there is none.
   */
  pop<K extends keyof T & string>(key: K): T[K] {
    const module = this.get(key);
    this.delete(key);
    return module;
  }

  /** Takes all modules away. */
  clear(): void {
    for (const [key] of ownModules(this)) this.delete(key);
  }

  /** The names in order. */
  keys(): IterableIterator<keyof T & string> {
    return ownModules(this)
      .map(([key]) => key)
      .values();
  }

  /** The modules in order. */
  values(): IterableIterator<T[keyof T & string]> {
    return modulesOf<T[keyof T & string]>(this).values();
  }

  /** Names and modules in order. */
  items(): IterableIterator<[keyof T & string, T[keyof T & string]]> {
    return (ownModules(this) as [string, T[string]][]).values();
  }

  /** Adds the modules of an object, of another dictionary or of `[name, module]` pairs. */
  update(modules: T | ModuleDict<T> | Iterable<readonly [string, T[string]]>): this {
    for (const [key, module] of pairsOf(modules)) this.addModule(key, module);
    return this;
  }
}

function pairsOf(modules: unknown): Iterable<readonly [string, Module]> {
  if (modules instanceof ModuleDict) return ownModules(modules);
  if (isPlainObject(modules)) return Object.entries(modules) as [string, Module][];
  if (typeof modules === 'object' && modules !== null && Symbol.iterator in modules) {
    return modules as Iterable<readonly [string, Module]>;
  }
  throw new TypeError(
    `ModuleDict.update should be called with an iterable of key/value pairs, but got ${typeof modules}`,
  );
}

/**
 * A list of parameters that belong to the module that holds the list. Tensors become parameters.
 *
 * `new ParameterList(values = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.ParameterList.html
 */
export class ParameterList extends Module {
  [index: number]: Parameter;

  constructor(values: Iterable<Tensor> = []) {
    super();
    this.extend(values);
  }

  /** How many parameters there are. */
  override get length(): number {
    return ownParameters(this).length;
  }

  /** The parameters in order. */
  [Symbol.iterator](): IterableIterator<Parameter> {
    return ownParameters(this)
      .map(([, parameter]) => parameter)
      .values();
  }

  /**
   * The parameter at a place, counted from the end if negative.
   *
   * @throws RangeError if there is none.
   */
  at(index: number): Parameter {
    return this[place(index, this.length)] as Parameter;
  }

  /** Adds a parameter at the end. */
  append(value: Tensor): this {
    if (!(value instanceof Tensor)) {
      throw new TypeError(`ParameterList.append should be called with a Tensor, but got ${typeof value}`);
    }
    this[this.length] = value instanceof Parameter ? value : new Parameter(value);
    return this;
  }

  /** Adds parameters at the end. */
  extend(values: Iterable<Tensor>): this {
    if (
      values instanceof Tensor ||
      typeof (values as Partial<Iterable<Tensor>>)?.[Symbol.iterator] !== 'function'
    ) {
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${typeof values}`);
    }
    for (const value of [...values]) this.append(value);
    return this;
  }

  override extraRepr(): string {
    return ownParameters(this)
      .map(([name, { dtype, device, shape }]) => {
        const where = device.type === 'cuda' ? ` (${String(device)})` : '';
        return `  (${name}): Parameter containing: [${String(dtype)} of size ${shape.join('x')}${where}]`;
      })
      .join('\n');
  }
}
