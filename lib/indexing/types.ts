/** What can stand in an index. */
import type { Scalar, Tensor } from '../tensor.js';
import type { TypedArray } from '../typedArrays.js';
import type { Slice, SliceText } from './slice.js';

/** A list as in `x[[0, 2]]`: integers or booleans, nested to equal lengths, which stand for the tensor of them. */
export type IndexList = readonly (number | bigint | boolean | Tensor | IndexList)[];

/**
 * One place of an index: an integer; a slice (`'1:5'`, or `torch.slice(1, 5)` where it is computed); `'...'` for as many
 * whole dimensions as there are left; `null` for a new dimension of 1; a boolean, as Python's True and False; a tensor
 * of integers or a mask of booleans; or a list or typed array, which stands for the tensor of its elements.
 */
export type TensorIndex =
  | number
  | bigint
  | boolean
  | null
  | '...'
  | SliceText
  | Slice
  | Tensor
  | TypedArray
  | IndexList;

/** Nested arrays of numbers. */
export type NestedValues = Scalar | readonly NestedValues[];

/** What can be assigned: a tensor, a number, or arrays, which are made a tensor of the target's dtype. */
export type TensorValue = Tensor | TypedArray | NestedValues;
