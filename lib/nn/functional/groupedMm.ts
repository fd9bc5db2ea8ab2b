/** Matrix products of groups, and of matrices with scales. */

import {
  bool,
  dataType,
  either,
  int,
  intList,
  optional,
  type Parameter,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../arguments.js';
import type { DType } from '../../dtype.js';
import { bfloat16 } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

/** Options of {@link groupedMm}. */
export interface GroupedMmOptions {
  /** Where each group ends, int32 and rising, for a matrix of two dimensions. Default: none. */
  offs?: Tensor | null;
  /** A summand, for devices that support it. Default: none. */
  bias?: Tensor | null;
  /** The dtype of the result, which must be the inputs' own. Default: theirs. */
  outDtype?: DType | null;
}

const groupedArguments = parameters(
  'groupedMm',
  {
    matA: tensor,
    matB: tensor,
    offs: optional(tensor),
    bias: optional(tensor),
    outDtype: optional(dataType),
  },
  2,
);

/**
 * One matrix product for each group.
 *
 * Shapes: `(M, K)` or `(G, M, K)` times `(K, N)` or `(G, K, N)`; a matrix of two dimensions is cut into groups at
 * `offs`, along the dimension that both have where both have two.
 *
 * `groupedMm(matA, matB, { offs = null, bias = null, outDtype = null })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.grouped_mm.html
 */
export function groupedMm(matA: Tensor, matB: Tensor, options?: GroupedMmOptions): Tensor;
export function groupedMm(...args: unknown[]): Tensor {
  const { matA, matB, offs, bias, outDtype } = groupedArguments(args);
  return aten._grouped_mm(matA, matB, offs, bias, outDtype);
}

/** How the elements of a matrix share their scales. */
export enum ScalingType {
  TensorWise = 0,
  RowWise = 1,
  BlockWise1x16 = 2,
  BlockWise1x32 = 3,
  BlockWise1x128 = 4,
  BlockWise128x128 = 5,
}

/** How scales are arranged in memory. */
export enum SwizzleType {
  NO_SWIZZLE = 0,
  SWIZZLE_32_4_4 = 1,
}

type OneOrMore<T> = T | readonly T[];

/** Options of {@link scaledMm}. */
export interface ScaledMmOptions {
  /** How the scales of the first matrix are arranged. Default: plainly. */
  swizzleA?: OneOrMore<SwizzleType> | null;
  /** How the scales of the second matrix are arranged. Default: plainly. */
  swizzleB?: OneOrMore<SwizzleType> | null;
  /** A summand. Default: none. */
  bias?: Tensor | null;
  /** The dtype of the result. Default: bfloat16. */
  outputDtype?: DType | null;
  /** The dimensions that are contracted; none stands for the usual ones. Default: none. */
  contractionDim?: readonly number[];
  /** Accumulate fast rather than accurately. Default: `false`. */
  useFastAccum?: boolean;
}

/** Options of {@link scaledGroupedMm}. */
export interface ScaledGroupedMmOptions extends ScaledMmOptions {
  /** Where each group ends, as in {@link groupedMm}. Default: none. */
  offs?: Tensor | null;
}

const several = <T>(type: Parameter<T>): Parameter<OneOrMore<T>> =>
  either(type, {
    ...type,
    expected: `array of ${type.expected}s`,
    accepts: (value: unknown) => Array.isArray(value) && value.every(type.accepts),
  } as Parameter<readonly T[]>);

const scales = {
  matA: tensor,
  matB: tensor,
  scaleA: several(tensor),
  scaleRecipeA: several(int as Parameter<ScalingType>),
  scaleB: several(tensor),
  scaleRecipeB: several(int as Parameter<ScalingType>),
  swizzleA: optional(several(int as Parameter<SwizzleType>)),
  swizzleB: optional(several(int as Parameter<SwizzleType>)),
  bias: optional(tensor),
};
const output = {
  outputDtype: withDefault(optional(dataType), bfloat16),
  contractionDim: withDefault(intList, []),
  useFastAccum: withDefault(bool, false),
};

function listed<T>(value: OneOrMore<T> | null): readonly T[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

type Scaled = ReturnType<typeof scaledArguments>;

/** The matrices with their scales, in the order in which the operators take them. */
const operands = (given: Scaled) =>
  [
    given.matA,
    given.matB,
    listed(given.scaleA),
    listed(given.scaleRecipeA),
    listed(given.swizzleA),
    listed(given.scaleB),
    listed(given.scaleRecipeB),
    listed(given.swizzleB),
  ] as const;

const scaledArguments = parameters('scaledMm', { ...scales, ...output });

/**
 * The product of two matrices of 8 or 4 bit floats, each with its scales.
 *
 * Shapes: `(M, K)` times `(K, N)`; result `(M, N)`.
 *
 * `scaledMm(matA, matB, scaleA, scaleRecipeA, scaleB, scaleRecipeB, swizzleA = null, swizzleB = null, bias =
 * null, outputDtype = torch.bfloat16, contractionDim = [], useFastAccum = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.scaled_mm.html
 */
export function scaledMm(
  matA: Tensor,
  matB: Tensor,
  scaleA: OneOrMore<Tensor>,
  scaleRecipeA: OneOrMore<ScalingType>,
  scaleB: OneOrMore<Tensor>,
  scaleRecipeB: OneOrMore<ScalingType>,
  ...rest: Rest<
    [
      swizzleA: OneOrMore<SwizzleType> | null,
      swizzleB: OneOrMore<SwizzleType> | null,
      bias: Tensor | null,
      outputDtype: DType | null,
      contractionDim: readonly number[],
      useFastAccum: boolean,
    ],
    ScaledMmOptions
  >
): Tensor;
export function scaledMm(...args: unknown[]): Tensor {
  const given = scaledArguments(args);
  return aten._scaled_mm_v2(
    ...operands(given),
    given.bias,
    given.outputDtype,
    given.contractionDim,
    given.useFastAccum,
  );
}

const scaledGroupedArguments = parameters('scaledGroupedMm', {
  ...scales,
  offs: optional(tensor),
  ...output,
});

/**
 * {@link groupedMm} of matrices of 8 or 4 bit floats, each with its scales.
 *
 * `scaledGroupedMm(matA, matB, scaleA, scaleRecipeA, scaleB, scaleRecipeB, swizzleA = null, swizzleB = null,
 * bias = null, offs = null, outputDtype = torch.bfloat16, contractionDim = [], useFastAccum = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.scaled_grouped_mm.html
 */
export function scaledGroupedMm(
  matA: Tensor,
  matB: Tensor,
  scaleA: OneOrMore<Tensor>,
  scaleRecipeA: OneOrMore<ScalingType>,
  scaleB: OneOrMore<Tensor>,
  scaleRecipeB: OneOrMore<ScalingType>,
  ...rest: Rest<
    [
      swizzleA: OneOrMore<SwizzleType> | null,
      swizzleB: OneOrMore<SwizzleType> | null,
      bias: Tensor | null,
      offs: Tensor | null,
      outputDtype: DType | null,
      contractionDim: readonly number[],
      useFastAccum: boolean,
    ],
    ScaledGroupedMmOptions
  >
): Tensor;
export function scaledGroupedMm(...args: unknown[]): Tensor {
  const given = scaledGroupedArguments(args);
  return aten._scaled_grouped_mm_v2(
    ...operands(given),
    given.offs,
    given.bias,
    given.outputDtype,
    given.contractionDim,
    given.useFastAccum,
  );
}
