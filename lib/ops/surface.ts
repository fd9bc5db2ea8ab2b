/** The public functions and methods: made from the generated table, bound to their operators on first use. */
import { defer, deferral } from '../async/deferral.js';
import { native } from '../native.js';
import { bindPublic, callPublic } from './call.js';
import { Signature } from './signature.js';

const overloadName = (word: string): string => (word === '-' ? '' : word);

/**
 * The signatures of an operator in the order in which Python tries them, as the table has them: overload names
 * separated by spaces, `-` the one without a name, each with `/` and its form with `out`, and with `~` and the order of
 * the parameters where the form is deprecated.
 */
function signatures(op: string, table: string, isMethod: boolean): Signature[] {
  const found: Signature[] = [];
  for (const word of table.split(' ')) {
    const [overloads = '', order] = word.split('~');
    const [base = '', out] = overloads.split('/');
    const schema = native.operatorSchema(`aten::${op}`, overloadName(base));
    if (schema === null) continue;
    const outSchema = out === undefined ? null : native.operatorSchema(`aten::${op}`, overloadName(out));
    found.push(
      new Signature(op, schema, {
        isMethod,
        isPublic: true,
        isAlone: !table.includes(' '),
        out: outSchema ?? undefined,
        order: order?.split(','),
      }),
    );
  }
  Signature.linkSpreading(found);
  return found;
}

/** What a function over the operator `aten::op` does with its arguments. */
export function bindArguments(name: string, op: string, table: string): (args: unknown[]) => unknown {
  let bound: Signature[] | undefined;
  return (args) => {
    bound ??= signatures(op, table, false);
    if (deferral.wanted) {
      const found = bound;
      return defer(name, () => bindPublic(name, found, args));
    }
    return callPublic(name, bound, undefined, args);
  };
}

/** A function over the operator `aten::op`. */
export function bindFunction<F>(name: string, op: string, table: string): F {
  const apply = bindArguments(name, op, table);
  const call = (...args: unknown[]): unknown => apply(args);
  Object.defineProperty(call, 'name', { value: name });
  return call as F;
}

/** A method over the operator `aten::op`, to be called on its tensor. */
export function bindMethod(
  name: string,
  op: string,
  table: string,
): (this: unknown, ...args: unknown[]) => unknown {
  let bound: Signature[] | undefined;
  return function (this: unknown, ...args: unknown[]): unknown {
    bound ??= signatures(op, table, true);
    return callPublic(name, bound, this ?? null, args);
  };
}

/** Puts the methods of the table (`name op overloads` lines) on a prototype, except those that it has. */
export function installMethods(prototype: object, table: string): void {
  for (const line of table.split('\n')) {
    const [name = '', op = '', ...overloads] = line.split(' ');
    if (Object.hasOwn(prototype, name)) continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: bindMethod(name, op, overloads.join(' ')),
    });
  }
}
