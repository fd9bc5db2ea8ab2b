/**
 * Every operator that libtorch has registered, and those of libraries loaded later, under its registry name:
 * `torch.ops.aten.add(a, b)` finds the overload, `torch.ops.aten.add.Tensor(a, b)` names it. Keyword-only arguments
 * are options in last place. See https://docs.pytorch.org/docs/2.13/torch.compiler_ir.html for the names.
 */
import { defer, deferral, registryFunctions } from './async/deferral.js';
import type { AtenOverloads } from './generated/registryTypes.js';
import { native } from './native.js';
import { bindRegistered, callRegistered } from './ops/call.js';
import { loadedLibraries, loadLibrary } from './ops/libraries.js';
import { type Signature, signatureOf } from './ops/signature.js';
import type { Tensor } from './tensor.js';

/** What operators give: tensors, numbers, lists of these; nothing where they only write to their arguments. */
export type OpResult =
  | Tensor
  | number
  | bigint
  | boolean
  | string
  | { re: number; im: number }
  | null
  | undefined
  | OpResult[];

/**
 * An overload of an operator. What it gives is a tensor unless you say otherwise, as its schema does:
 * `torch.ops.aten.topk<[Tensor, Tensor]>(x, 2)`.
 */
export type OpOverload = (<R extends OpResult = Tensor>(...args: unknown[]) => R) & {
  /** The schemas that are tried, one a line. */
  readonly schema: string;
};
/** An operator, with its overloads as properties (`default` is the one without a name). */
export type OpPacket = OpOverload & { readonly [overload: string]: OpOverload };
export type OpNamespace = { readonly [op: string]: OpPacket };
/** The namespace of PyTorch's own operators, with the names that this version has. */
export type AtenNamespace = OpNamespace & {
  readonly [Op in keyof AtenOverloads]: OpPacket & { readonly [Overload in AtenOverloads[Op]]: OpOverload };
};

/** Overload names by qualified operator name, read from the registry; read again when a name is not there. */
let registered = new Map<string, string[]>();

function readRegistry(): void {
  registered = new Map();
  for (const full of native.operatorNames()) {
    const dot = full.indexOf('.');
    const name = dot < 0 ? full : full.slice(0, dot);
    const overloads = registered.get(name);
    const overload = dot < 0 ? '' : full.slice(dot + 1);
    if (overloads === undefined) registered.set(name, [overload]);
    else overloads.push(overload);
  }
  // One order, whatever the registration's: `out` forms last, the unnamed first.
  for (const overloads of registered.values()) {
    const rank = (overload: string): number => (/(^|_)out$/.test(overload) ? 2 : overload === '' ? 0 : 1);
    overloads.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  }
}

function overloadsOf(name: string): string[] | undefined {
  if (!registered.has(name)) readRegistry();
  return registered.get(name);
}

function makeOverload(label: string, signatures: readonly Signature[]): OpOverload {
  const call = (...args: unknown[]): unknown => {
    if (deferral.wanted) return defer(label, () => bindRegistered(label, signatures, args));
    return callRegistered(label, signatures, args);
  };
  registryFunctions.add(call);
  Object.defineProperty(call, 'name', { value: label });
  return Object.defineProperty(call, 'schema', {
    value: signatures.map((signature) => signature.text).join('\n'),
  }) as unknown as OpOverload;
}

function makePacket(name: string, overloads: readonly string[]): OpPacket {
  const signatures: Signature[] = [];
  const named = new Map<string, Signature>();
  for (const overload of overloads) {
    const signature = signatureOf(name, overload);
    if (signature === undefined) continue;
    signatures.push(signature);
    named.set(overload, signature);
  }
  const packet = makeOverload(name, signatures);
  for (const [overload, signature] of named) {
    Object.defineProperty(packet, overload === '' ? 'default' : overload, {
      value: makeOverload(overload === '' ? name : `${name}.${overload}`, [signature]),
      enumerable: true,
    });
  }
  return packet as OpPacket;
}

// What is written to a proxy's target would come in the way of what the proxy gives.
const readOnly = {
  set: () => false,
  defineProperty: () => false,
  deleteProperty: () => false,
  preventExtensions: () => false,
  setPrototypeOf: () => false,
} as const;

function makeNamespace(namespace: string): OpNamespace {
  const packets = new Map<string, OpPacket>();
  return new Proxy(Object.create(null) as Record<string, OpPacket>, {
    get(_, op) {
      if (typeof op !== 'string') return undefined;
      let packet = packets.get(op);
      if (packet === undefined) {
        const name = `${namespace}::${op}`;
        const overloads = overloadsOf(name);
        if (overloads === undefined) {
          // A promise asks every value for `then`.
          if (op === 'then') return undefined;
          throw new TypeError(`torch.ops.${namespace}.${op}: this libtorch has no operator of that name`);
        }
        packet = makePacket(name, overloads);
        packets.set(op, packet);
      }
      return packet;
    },
    has: (_, op) => typeof op === 'string' && overloadsOf(`${namespace}::${op}`) !== undefined,
    ownKeys: () => {
      readRegistry();
      const prefix = `${namespace}::`;
      return [...registered.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length));
    },
    getOwnPropertyDescriptor: (target, op) =>
      typeof op === 'string' && overloadsOf(`${namespace}::${op}`) !== undefined
        ? { configurable: true, enumerable: true, get: () => Reflect.get(target, op) as unknown }
        : undefined,
    ...readOnly,
  });
}

const namespaces = new Map<string, OpNamespace>();

const libraries = {
  loadedLibraries,
  loadLibrary(path: string | FileUrl): void {
    loadLibrary(path);
    // Operators that were there may have overloads that were not.
    registered.clear();
    namespaces.clear();
  },
} as const;

/** What a `URL` is, also where the types of the web's or of Node's are not in use. */
export interface FileUrl {
  readonly href: string;
  readonly protocol: string;
}

/** `torch.ops`: namespaces of operators, `aten` first of all, and what loads more of them. */
export interface Ops {
  /** PyTorch's own operators. */
  readonly aten: AtenNamespace;
  /**
   * Loads a library of operators, such as one built with PyTorch's `TORCH_LIBRARY`: afterwards they are there as
   * `torch.ops.<namespace>.<name>`, on every thread. Loading a library again does nothing.
   *
   * @param path The library's file, from the current folder where it is relative.
   * @throws TorchError where there is no such file, where it is no library, where it needs what this libtorch does not
   *   have, and where what it registers is there already.
   * See https://docs.pytorch.org/docs/2.13/library.html
   */
  loadLibrary(path: string | FileUrl): void;
  /** The paths of the libraries that this thread has loaded. */
  readonly loadedLibraries: ReadonlySet<string>;
}

export const ops: Ops & { readonly [namespace: string]: OpNamespace } = new Proxy(
  Object.create(null) as Ops & Record<string, OpNamespace>,
  {
    get(_, namespace) {
      if (typeof namespace !== 'string' || namespace === 'then') return undefined;
      if (Object.hasOwn(libraries, namespace)) return libraries[namespace as keyof typeof libraries];
      let found = namespaces.get(namespace);
      if (found === undefined) {
        found = makeNamespace(namespace);
        namespaces.set(namespace, found);
      }
      return found;
    },
    ...readOnly,
  },
);

/** The names of all registered operators with their overloads, such as `aten::add.Tensor`. */
export function registeredOperators(): string[] {
  return Array.from(native.operatorNames());
}
