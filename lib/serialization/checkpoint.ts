/**
 * Whole training states in one safetensors file: any nesting of objects, arrays, maps and plain values with tensors
 * anywhere in it, such as
 *
 *     saveCheckpoint('run.safetensors', {
 *       model: model.stateDict(),
 *       optimizer: optimizer.stateDict(),
 *       rng: getRngState(),
 *       epoch: 3,
 *     });
 *
 * The tensors are entries of the file under the path that leads to them (`model.encoder.weight`,
 * `optimizer.state.0.exp_avg`), for any tool to read; the rest is JSON in the file's metadata. Everything comes back
 * exactly, bits of numbers included.
 */
import { types } from 'node:util';
import type { Device } from '../device.js';
import { Tensor } from '../tensor.js';
import { loadFile, SafetensorsError, saveFile } from './safetensors.js';

const METADATA_KEY = 'litorch.checkpoint';
const VERSION = 1;

/** A value that a checkpoint can hold. */
export type CheckpointValue =
  | Tensor
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | CheckpointValue[]
  | ReadonlyMap<CheckpointValue, CheckpointValue>
  | { readonly [key: string]: CheckpointValue };

/** What JSON can't say is an object with this key. */
const TAG = '$';
type Encoded = null | boolean | number | string | Encoded[] | { [key: string]: Encoded };

/**
 * Saves a nested state. The file appears whole or not at all.
 *
 * @param state objects, arrays, maps, tensors and plain values. A tensor that appears twice is written once and comes
 *   back as one. Whether a tensor requires a gradient isn't kept.
 * @throws TypeError for a value of another kind or a cycle, naming the path that leads to it.
 */
export function saveCheckpoint(path: string, state: unknown): void {
  const writer = new Writer();
  const root = writer.encode(state, []);
  saveFile(writer.tensors, path, { [METADATA_KEY]: JSON.stringify({ version: VERSION, state: root }) });
}

/**
 * Loads what `saveCheckpoint` saved.
 *
 * @param options.device where the tensors go. Default: the CPU. A generator's state belongs on the CPU.
 * @throws SafetensorsError for a file that isn't a checkpoint.
 */
export function loadCheckpoint(path: string, options: { device?: Device | string } = {}): CheckpointValue {
  const { tensors, metadata } = loadFile(path, options);
  try {
    const text = metadata[METADATA_KEY];
    if (text === undefined)
      throw new SafetensorsError(path, 'it is not a checkpoint: its metadata has no state');
    const { version, state } = parse(path, text);
    if (version !== VERSION)
      throw new SafetensorsError(path, `a checkpoint of the unknown version ${version}`);
    return decode(path, state, new Map(Object.entries(tensors)));
  } catch (error) {
    for (const tensor of Object.values(tensors)) tensor.dispose();
    throw error;
  }
}

function parse(path: string, text: string): { version: unknown; state: Encoded } {
  try {
    return (JSON.parse(text) ?? {}) as { version: unknown; state: Encoded };
  } catch (error) {
    throw new SafetensorsError(path, `its state isn't valid JSON: ${(error as Error).message}`);
  }
}

/** Takes a state apart. */
class Writer {
  readonly tensors = new Map<string, Tensor>();
  readonly #names = new Map<Tensor, string>();
  readonly #open = new Set<object>();

  encode(value: unknown, path: readonly string[]): Encoded {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { [TAG]: 'number', value: spell(value) };
      case 'bigint':
        return { [TAG]: 'bigint', value: String(value) };
      case 'undefined':
        return { [TAG]: 'undefined' };
      case 'object':
        return value === null ? null : this.#encodeObject(value, path);
      default:
        throw new TypeError(`${spellPath(path)}: a ${typeof value} can't be saved`);
    }
  }

  #encodeObject(value: object, path: readonly string[]): Encoded {
    if (value instanceof Tensor) return { [TAG]: 'tensor', name: this.#nameOf(value, path) };
    if (this.#open.has(value)) throw new TypeError(`${spellPath(path)}: the value contains itself`);
    this.#open.add(value);
    try {
      if (Array.isArray(value)) return value.map((item, i) => this.encode(item, [...path, String(i)]));
      if (types.isMap(value)) return this.#encodeMap(value, path);
      return this.#encodeRecord(value, path);
    } finally {
      this.#open.delete(value);
    }
  }

  #encodeMap(value: ReadonlyMap<unknown, unknown>, path: readonly string[]): Encoded {
    const entries = [...value].map(([key, item], i): Encoded => {
      const step = typeof key === 'string' || typeof key === 'number' ? String(key) : String(i);
      return [this.encode(key, [...path, `${step}:key`]), this.encode(item, [...path, step])];
    });
    return { [TAG]: 'map', entries };
  }

  #encodeRecord(value: object, path: readonly string[]): Encoded {
    const prototype: unknown = Object.getPrototypeOf(value);
    // A plain object of another realm has a prototype of its own; its prototype's prototype is null all the same.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw new TypeError(
        `${spellPath(path)}: an object of the class ${value.constructor?.name} can't be saved`,
      );
    }
    const entries = Object.entries(value).map(([key, item]): [string, Encoded] => [
      key,
      this.encode(item, [...path, key]),
    ]);
    if (TAG in value) return { [TAG]: 'object', entries };
    return Object.fromEntries(entries);
  }

  #nameOf(tensor: Tensor, path: readonly string[]): string {
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const wanted = path.length === 0 ? 'tensor' : path.join('.');
    let name = wanted;
    // { 'a.b': t } and { a: { b: t } } want the same name.
    for (let n = 2; this.tensors.has(name) || name === '__metadata__'; n++) name = `${wanted}#${n}`;
    this.tensors.set(name, tensor);
    this.#names.set(tensor, name);
    return name;
  }
}

function spell(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function spellPath(path: readonly string[]): string {
  return path.length === 0 ? 'the state' : path.join('.');
}

function decode(path: string, value: Encoded, tensors: ReadonlyMap<string, Tensor>): CheckpointValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => decode(path, item, tensors));
  if (!(TAG in value)) return decodeEntries(path, Object.entries(value), tensors);
  switch (value[TAG]) {
    case 'tensor': {
      const tensor = tensors.get(String(value.name));
      if (tensor === undefined) throw new SafetensorsError(path, 'the tensor is missing', String(value.name));
      return tensor;
    }
    case 'number':
      return Number(value.value);
    case 'bigint':
      if (typeof value.value === 'string' && /^-?\d+$/.test(value.value)) return BigInt(value.value);
      break;
    case 'undefined':
      return undefined;
    case 'object':
      if (isPairs(value.entries))
        return decodeEntries(path, value.entries as Array<[string, Encoded]>, tensors);
      break;
    case 'map':
      if (isPairs(value.entries)) {
        return new Map(value.entries.map(([k, v]) => [decode(path, k, tensors), decode(path, v, tensors)]));
      }
      break;
  }
  throw new SafetensorsError(
    path,
    `its state has an entry that can't be read: ${JSON.stringify(value).slice(0, 80)}`,
  );
}

function decodeEntries(
  path: string,
  entries: ReadonlyArray<[string, Encoded]>,
  tensors: ReadonlyMap<string, Tensor>,
): CheckpointValue {
  return Object.fromEntries(entries.map(([key, item]) => [key, decode(path, item, tensors)]));
}

function isPairs(value: Encoded | undefined): value is Array<[Encoded, Encoded]> {
  return Array.isArray(value) && value.every((item) => Array.isArray(item) && item.length === 2);
}
