/** An index as the addon takes it: see native/indexing.cpp. */
import { types } from 'node:util';
import type { IndexCode } from '../native.js';
import { isPlainObject } from '../options.js';
import { Tensor, wrap } from '../tensor.js';
import { checkTypedArray } from '../typedArrays.js';
import { listToHandle } from './list.js';
import { parseSlice, Slice } from './slice.js';

// The kinds of native/indexing.cpp; a slice's is in its codes.
const integer = 0;
const none = 2;
const ellipsis = 3;
const boolean = 4;
const tensor = 5;

// As many as a native function takes besides its other arguments; more go as one array.
const mostCodes = 56;

function refuse(value: unknown): never {
  const name =
    typeof value === 'string'
      ? `'${value}'`
      : typeof value !== 'object' || value === null || isPlainObject(value)
        ? typeof value
        : (value.constructor?.name ?? 'object');
  throw new TypeError(
    "only integers, slices (`'1:5'` or torch.slice()), ellipsis (`'...'`), null and tensors or lists of integers or " +
      `booleans are valid indices (got ${typeof value === 'number' ? value : name})`,
  );
}

function encodeList(list: ArrayLike<unknown>, self: Tensor, made: number[]): number {
  const onCpu = listToHandle(list);
  made.push(onCpu);
  if (self.isCpu) return onCpu;
  const tensor = wrap(onCpu) as Tensor;
  const moved = tensor.to(self.device);
  if (moved !== tensor) made.push(moved.handle);
  return moved.handle;
}

/**
 * The codes of an index into `self`. The handles of tensors that are made on the way are added to `made`: release them after the call.
 * @throws TypeError for what is no index.
 */
export function encode(indices: readonly unknown[], self: Tensor, made: number[]): IndexCode[] {
  const codes: IndexCode[] = [];
  for (const value of indices) {
    switch (typeof value) {
      case 'number':
        if (!Number.isInteger(value)) refuse(value);
        codes.push(integer, value);
        continue;
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) throw new RangeError('Overflow when unpacking long long');
        codes.push(integer, value);
        continue;
      case 'boolean':
        codes.push(boolean, value);
        continue;
      case 'string': {
        const slice = value === '...' ? undefined : parseSlice(value);
        if (slice !== undefined) codes.push(...slice);
        else if (value === '...') codes.push(ellipsis);
        else refuse(value);
        continue;
      }
      case 'object':
        break;
      default:
        refuse(value);
    }
    if (value === null) codes.push(none);
    else if (value instanceof Tensor) codes.push(tensor, value.handle);
    else if (value instanceof Slice) codes.push(...value.codes);
    else if (Array.isArray(value)) codes.push(tensor, encodeList(value, self, made));
    else if (types.isTypedArray(value))
      codes.push(tensor, encodeList(checkTypedArray('at', value), self, made));
    else refuse(value);
  }
  return codes.length > mostCodes ? [codes] : codes;
}
