import { describeValue } from '../ops/signature.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';

/** Stands for all dimensions that the subscripts do not name, in lists of subscripts. */
export type Subscript = number | '...';

/** What {@link einsum} takes besides an equation: operands with their subscripts in turn, and maybe those of the result. */
export type Sublists = readonly [
  operand: Tensor,
  subscripts: readonly Subscript[],
  ...rest: readonly (Tensor | readonly Subscript[])[],
];

function letter(subscript: unknown): string {
  if (subscript === '...') return subscript;
  const n = typeof subscript === 'bigint' ? Number(subscript) : subscript;
  if (typeof n !== 'number' || !Number.isInteger(n)) {
    throw new TypeError(`einsum(): a subscript must be an integer or '...', not ${describeValue(subscript)}`);
  }
  if (n < 0 || n >= 52) {
    throw new RangeError('einsum(): subscript in subscript list is not within the valid range [0, 52)');
  }
  return String.fromCharCode(n < 26 ? 65 + n : 97 + n - 26);
}

function subscriptsOf(list: unknown): string {
  if (!Array.isArray(list))
    throw new TypeError(`einsum(): a list of subscripts must be an array, not ${describeValue(list)}`);
  return list.map(letter).join('');
}

/**
 * Sums of products of elements, in Einstein's notation: `einsum('bij,bjk->bik', a, b)` multiplies batches of matrices.
 *
 * The equation gives each operand's dimensions a letter, separated by commas; letters left out after `->` are summed
 * over. Without `->` the result has the letters that appear once, in alphabetical order. `...` stands for dimensions
 * that are not named. Instead of an equation, each operand can be followed by a list of integers from 0 to 51 (and
 * `'...'`), and the last of them by that of the result.
 *
 * More than two operands are multiplied from left to right, as PyTorch does where opt_einsum is not installed.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.einsum.html
 *
 * @throws RangeError for too few arguments and for subscripts out of range, TorchError for equations that do not fit.
 */
export function einsum(equation: string, operands: readonly Tensor[]): Tensor;
export function einsum(equation: string, ...operands: Tensor[]): Tensor;
export function einsum(...sublists: Sublists): Tensor;
export function einsum(...args: readonly unknown[]): Tensor {
  if (args.length < 2) {
    throw new RangeError(
      'einsum(): must specify the equation string and at least one operand, ' +
        'or at least one operand and its subscripts list',
    );
  }
  let equation: unknown;
  let operands: readonly unknown[];
  if (args[0] instanceof Tensor) {
    const lists = args.filter((_, i) => i % 2 === 1);
    equation = lists.map(subscriptsOf).join(',');
    operands = args.filter((_, i) => i % 2 === 0);
    if (args.length % 2 === 1) {
      equation += `->${subscriptsOf(args.at(-1))}`;
      operands = operands.slice(0, -1);
    }
  } else {
    equation = args[0];
    operands = args.slice(1);
  }
  const [only] = operands;
  if (operands.length === 1 && Array.isArray(only)) operands = only as readonly unknown[];
  return ops.aten.einsum(equation, operands) as Tensor;
}
