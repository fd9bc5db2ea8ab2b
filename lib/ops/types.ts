/** Argument types that the generated signatures use. */
import type { Tensor } from '../tensor.js';

/** An integer; a bigint where a number would not hold it exactly. */
export type Int = number | bigint;
/** A number for elements: integral numbers and bigints count as int64, other numbers as float64. */
export type Num = number | bigint | boolean;
/** A complex number. */
export interface Complex {
  re: number;
  im: number;
}
/** A number for elements, or a tensor without dimensions that holds one (and needs no gradient), of its own dtype. */
export type ScalarLike = Num | Complex | Tensor;
/** A pair of tensors without the `values` that arrays have. */
type Pair = {
  [Key in keyof [Tensor, Tensor] as Key extends 'values' ? never : number extends Key ? never : Key]: [
    Tensor,
    Tensor,
  ][Key];
};
/** Two tensors, by name or as a pair: `const { values, indices } = x.max(1)`, `const [v, i] = x.max(1)`. */
export type NamedValues<Fields extends object> = Pair & Fields;
