/** `where` for sparse COO tensors: what the mask does not name is left out, and what it names counts as given. */
import * as functions from '../generated/functions.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

const { aten } = ops;
const index = (tensor: Tensor, indices: readonly (Tensor | null)[]): Tensor =>
  aten.index.Tensor(tensor, indices) as Tensor;
const positions = (mask: Tensor): Tensor => mask.nonzero().select(1, 0);

/** One number for each column of indices. */
function flattened(indices: Tensor, shape: readonly number[]): Tensor {
  const flat = indices.newZeros([indices.size(1)]);
  shape.forEach((length, d) => {
    flat.mul_(length).add_(indices.select(0, d));
  });
  return flat;
}

/** The sorted union of two lists of distinct numbers, and how often each occurs. */
function union(a: Tensor, b: Tensor): [values: Tensor, counts: Tensor] {
  const [values, , counts] = aten._unique2(functions.cat([a, b]), true, false, true) as Tensor[];
  return [values as Tensor, counts as Tensor];
}

/** The sorted union, and where in it the numbers are that both lists have. */
function intersection(a: Tensor, b: Tensor): [values: Tensor, where: Tensor] {
  const [values, counts] = union(a, b);
  return [values, positions(counts.gt(1))];
}

function minus(a: Tensor, b: Tensor): [values: Tensor, where: Tensor] {
  const [values, counts] = union(a, b);
  return intersection(index(values, [positions(counts.eq(1))]), a);
}

const pick = ([values, where]: readonly [Tensor, Tensor]): Tensor => index(values, [where]);

/** A coalesced mask and a tensor of one shape, and of as many dense dimensions, give a coalesced tensor. */
export function sparseCooWhere(mask: Tensor, given: Tensor, fill: Tensor): Tensor {
  const { shape } = given;
  const input = given.coalesce();
  const inputFlat = flattened(input.indices(), shape.slice(0, input.sparseDim()));
  const maskFlat = flattened(mask.indices(), mask.shape.slice(0, mask.sparseDim()));
  let maskValues = mask.values();
  if (mask.denseDim() > 0) {
    for (let d = input.sparseDim(); d >= 1; d--) maskValues = maskValues.any(d, false);
  }
  const chosen = index(maskFlat, [positions(maskValues)]);
  const common = pick(intersection(chosen, inputFlat));
  const [, fromInput] = intersection(inputFlat, common);
  const inputIndices = index(input.indices(), [null, fromInput]);
  let inputValues = index(input.values(), [fromInput]);
  if (mask.denseDim() > 0) {
    const [, fromMask] = intersection(maskFlat, common);
    inputValues = aten.where.self(index(mask.values(), [fromMask]), inputValues, fill) as Tensor;
  }
  const zeros = pick(minus(chosen, common));
  const [, zerosFromMask] = intersection(maskFlat, zeros);
  const zeroIndices = index(mask.indices(), [null, zerosFromMask]);
  const count = zeroIndices.size(1);
  const make = (indices: Tensor, values: Tensor): Tensor =>
    aten.sparse_coo_tensor.indices_size(indices, values, shape, { dtype: values.dtype }) as Tensor;
  if (count === 0) return aten._coalesced_(make(inputIndices, inputValues), true) as Tensor;
  const values = functions.cat([inputValues, inputValues.newZeros([count, ...inputValues.shape.slice(1)])]);
  return make(functions.cat([inputIndices, zeroIndices], 1), values).coalesce();
}
