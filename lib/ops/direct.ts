/** Operators as the library itself calls them: found once, with arguments as the addon takes them, nothing bound. */
import { OutOfMemoryError } from '../errors.js';
import { collect } from '../gc.js';
import { native } from '../native.js';
import { Operator } from './results.js';

const found = new Map<string, Operator>();

function operatorOf(name: string): Operator {
  let operator = found.get(name);
  if (operator === undefined) {
    const [op = '', overload = ''] = name.split('.');
    const schema = native.operatorSchema(`aten::${op}`, overload);
    if (schema === null) throw new TypeError(`this libtorch has no operator aten::${name}`);
    operator = new Operator(schema);
    found.set(name, operator);
  }
  return operator;
}

/**
 * Calls `aten::name`, where a dot separates the overload's name: `callDirectly('to.dtype_layout', [handle, code])`.
 * Handles stand for tensors, codes for dtypes and devices; undefined, or nothing at the end, for defaults.
 */
export function callDirectly(name: string, bound: readonly unknown[]): unknown {
  const operator = operatorOf(name);
  try {
    return operator.call(bound, undefined);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    // What the collector has not come to yet may be enough.
    collect();
    return operator.call(bound, undefined);
  }
}
