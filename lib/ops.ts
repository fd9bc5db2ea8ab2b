/**
 * Every operator that libtorch has registered, and those of libraries loaded later, under its registry name:
 * `torch.ops.aten.add(a, b)` finds the overload, `torch.ops.aten.add.Tensor(a, b)` names it. Keyword-only arguments
 * are options in last place. See https://docs.pytorch.org/docs/stable/torch.compiler_ir.html for the names.
 */
import { native } from './native.js';
import { callOverloads } from './ops/call.js';
import { type Signature, signatureOf } from './ops/signature.js';

/** An overload of an operator. Results are what its schema says: tensors, numbers, arrays of these. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back depends on the name, which types cannot follow.
export type OpOverload = ((...args: unknown[]) => any) & { readonly schema: string };
/** An operator, with its overloads as properties (`default` is the one without a name). */
export type OpPacket = OpOverload & { readonly [overload: string]: OpOverload };
export type OpNamespace = { readonly [op: string]: OpPacket };

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
  const call = (...args: unknown[]): unknown => callOverloads(label, signatures, undefined, args);
  Object.defineProperty(call, 'name', { value: label });
  return Object.defineProperty(call, 'schema', {
    value: signatures.map((signature) => signature.text).join('\n'),
  }) as unknown as OpOverload;
}

function makePacket(name: string, overloads: readonly string[]): OpPacket {
  const signatures: Signature[] = [];
  const named = new Map<string, Signature>();
  for (const overload of overloads) {
    const signature = signatureOf(name, overload, false);
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

/** `torch.ops`: namespaces of operators, `aten` first of all. */
export const ops: { readonly [namespace: string]: OpNamespace } = new Proxy(
  Object.create(null) as Record<string, OpNamespace>,
  {
    get(_, namespace) {
      if (typeof namespace !== 'string' || namespace === 'then') return undefined;
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
