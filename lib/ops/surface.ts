/** The public functions and methods: made from the generated table, bound to their operators on first use. */
import { callOverloads } from './call.js';
import { numbersAsTensors } from './numbersAsTensors.js';
import { type Signature, signatureOf } from './signature.js';

/** The signatures of an operator's overloads, in the order in which they are tried; `-` is the overload without a name. */
function signatures(op: string, overloads: string, isMethod: boolean): Signature[] {
  const found: Signature[] = [];
  for (const overload of overloads.split(' ')) {
    const signature = signatureOf(
      `aten::${op}`,
      overload === '-' ? '' : overload,
      isMethod,
      numbersAsTensors.test(op),
    );
    if (signature !== undefined) found.push(signature);
  }
  return found;
}

/** A function over the operator `aten::op`. */
export function bindFunction<F>(name: string, op: string, overloads: string): F {
  let bound: Signature[] | undefined;
  const call = (...args: unknown[]): unknown => {
    bound ??= signatures(op, overloads, false);
    return callOverloads(name, bound, undefined, args);
  };
  Object.defineProperty(call, 'name', { value: name });
  return call as F;
}

/** Puts the methods of the table (`name op overloads` lines) on a prototype, except those that it has. */
export function installMethods(prototype: object, table: string): void {
  for (const line of table.split('\n')) {
    const [name, op, ...overloads] = line.split(' ') as [string, string, ...string[]];
    if (Object.hasOwn(prototype, name)) continue;
    let bound: Signature[] | undefined;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: function (this: unknown, ...args: unknown[]): unknown {
        bound ??= signatures(op, overloads.join(' '), true);
        return callOverloads(name, bound, this, args);
      },
    });
  }
}
