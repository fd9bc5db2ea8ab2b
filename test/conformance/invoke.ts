/** Calling litorch's public API by PyTorch's name. */
import torch, { Tensor } from '../../lib/index.js';
import { camelCase } from '../../lib/ops/names.js';

/** There is no public name for it. */
export class Missing extends Error {
  constructor(readonly path: string) {
    super(`there is no ${path}`);
  }
}

export type Kwargs = Record<string, unknown>;
type Callable = (...args: unknown[]) => unknown;

/** Keyword arguments as the options object that comes last. */
function withOptions(args: readonly unknown[], kwargs: Kwargs): unknown[] {
  const entries = Object.entries(kwargs);
  if (entries.length === 0) return [...args];
  return [...args, Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value]))];
}

/** Calls the method of a tensor. */
export function callMethod(name: string, [self, ...args]: readonly unknown[], kwargs: Kwargs): unknown {
  const method = camelCase(name);
  if (!(self instanceof Tensor)) throw new TypeError(`${method}(): there is no tensor to call it on`);
  const found = (self as unknown as Record<string, unknown>)[method];
  if (typeof found !== 'function') throw new Missing(`Tensor.${method}`);
  return (found as Callable).apply(self, withOptions(args, kwargs));
}

/** `torch.linalg.norm` and its like; names of registered operators stay as they are. */
function callFunction(path: string, args: readonly unknown[], kwargs: Kwargs): unknown {
  const parts = path.split('.').slice(1);
  const names = parts[0] === 'ops' ? parts : parts.map(camelCase);
  let owner: unknown;
  let found: unknown = torch;
  for (const name of names) {
    owner = found;
    try {
      found = (owner as Record<string, unknown>)[name];
    } catch {
      throw new Missing(`torch.${names.join('.')}`);
    }
    if (found === undefined) throw new Missing(`torch.${names.join('.')}`);
  }
  if (typeof found !== 'function') throw new Missing(`torch.${names.join('.')}`);
  return (found as Callable).apply(owner, withOptions(args, kwargs));
}

/** Calls what PyTorch names `path`, such as `torch.nn.functional.gelu` or `torch.Tensor.cfloat`. */
export function callPath(path: string, args: readonly unknown[], kwargs: Kwargs = {}): unknown {
  const method = /^torch\.Tensor\.(\w+)$/.exec(path);
  if (method !== null) return callMethod(method[1] as string, args, kwargs);
  return callFunction(path, args, kwargs);
}

/** An attribute of a tensor. */
export function attribute(name: string, self: unknown): unknown {
  const value = (self as Record<string, unknown>)[name];
  if (value === undefined) throw new Missing(`Tensor.${name}`);
  return value;
}
