/** What a guard (see guards.ts) looks at: the rules that libtorch relies on without checking. */
import { Tensor } from '../tensor.js';

/** An operator's arguments by their registered names, as the caller gave them. */
export type Given = Readonly<Record<string, unknown>>;
/** Why an operator is not called, or undefined where it may be. */
export type Guard = (given: Given) => string | undefined;

const tensorOf = (value: unknown): Tensor | undefined => (value instanceof Tensor ? value : undefined);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
const numbersOf = (value: unknown): number[] => (Array.isArray(value) ? value : [value ?? 1]).map(Number);

export function first(...guards: Guard[]): Guard {
  return (given) => {
    for (const guard of guards) {
      const problem = guard(given);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** Divides by these. */
export const positive =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find(
      (candidate) => given[candidate] !== undefined && !numbersOf(given[candidate]).every((n) => n > 0),
    );
    return name === undefined ? undefined : `argument '${name}' must be positive`;
  };

export const notNegative =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => Number(given[candidate] ?? 0) < 0);
    return name === undefined ? undefined : `argument '${name}' must not be negative`;
  };

/** Takes the first of a list, or the second. */
export const atLeast =
  (count: number, ...names: string[]): Guard =>
  (given) => {
    // A number stands for a list of the length that is wanted.
    const name = names.find(
      (candidate) => Array.isArray(given[candidate]) && given[candidate].length < count,
    );
    return name === undefined ? undefined : `argument '${name}' must have at least ${count} elements`;
  };

/** Walks lists side by side; the messages are libtorch's, which checks most of the time. */
export const listsOfOneLength: Guard = (given) => {
  const lists = Object.entries(given).filter(([, value]) => Array.isArray(value)) as [string, unknown[]][];
  const length = lengthOf(lists[0]?.[1]);
  for (const [name, list] of lists) {
    if (list.length === length) continue;
    return list[0] instanceof Tensor || name === 'out'
      ? `Tensor lists must have the same number of tensors, got ${length} and ${list.length}`
      : 'Tensor list must have same number of elements as scalar list.';
  }
  return undefined;
};

/** Looks up sizes and strides by these dimensions, as they are. */
export const dimensions =
  (...names: string[]): Guard =>
  (given) => {
    const tensor = tensorOf(given.self);
    if (tensor === undefined) return undefined;
    const { ndim } = tensor;
    for (const name of names) {
      const wrong = numbersOf(given[name]).find((dim) => !(dim >= 0 && dim < ndim));
      if (wrong !== undefined)
        return `argument '${name}': dimension ${wrong} is not among the ${ndim} of the tensor`;
    }
    return undefined;
  };

/** Reads an array of one type whatever the tensor's. */
export const shaped =
  (name: string, ndim: number, dtype?: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim !== ndim) return `argument '${name}' must have ${ndim} dimensions, not ${tensor.ndim}`;
    if (dtype === undefined || tensor.dtype.name === dtype) return undefined;
    return `argument '${name}' must be of ${dtype}, not ${tensor.dtype.name}`;
  };

function outOfRange(name: string, indices: Tensor, limit: number): string | undefined {
  if (indices.isMeta || indices.dtype.isFloatingPoint || indices.dtype.isComplex) return undefined;
  for (const index of indices.toTypedArray()) {
    if (index < 0 || index >= limit) return `argument '${name}': index ${index} is out of range of ${limit}`;
  }
  return undefined;
}

/** Writes at places that the elements name. */
export const indicesBelow =
  (indices: string, size: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[indices]);
    return tensor === undefined ? undefined : outOfRange(indices, tensor, Number(given[size]));
  };

/** Takes weights from the list by layer and direction, and cuts what they give into as many parts as there are gates. */
export function rnnWeights(gates: number, mayProject: boolean): Guard {
  return (given) => {
    if (!Array.isArray(given.params)) return undefined;
    if (tensorOf(given.batch_sizes)?.numel() === 0) return "argument 'batch_sizes' must not be empty";
    const perLayer = given.has_biases === true ? 4 : 2;
    const cells = Number(given.num_layers) * (given.bidirectional === true ? 2 : 1);
    const wanted = [cells * perLayer, ...(mayProject ? [cells * (perLayer + 1)] : [])];
    if (!(cells > 0) || !wanted.includes(given.params.length)) {
      return `got an incorrect number of RNN parameters: ${given.params.length}, not ${wanted.join(' or ')}`;
    }
    const step = given.params.length / cells;
    for (let i = 0; i < given.params.length; i += step) {
      const rows = tensorOf(given.params[i])?.shape[0] ?? 0;
      if (rows === 0 || rows % gates !== 0)
        return `argument 'params': weight ${i} has ${rows} rows, which is no multiple of ${gates}`;
    }
    return undefined;
  };
}

/** Cuts the gates into so many parts, and takes each. */
export const gatesOf =
  (count: number, ...names: string[]): Guard =>
  (given) => {
    for (const name of names) {
      const tensor = tensorOf(given[name]);
      if (tensor === undefined) continue;
      if (tensor.ndim !== 2 || tensor.size(1) === 0 || tensor.size(1) % count !== 0) {
        return `argument '${name}' must have 2 dimensions, the second a multiple of ${count}`;
      }
    }
    return undefined;
  };

/** Writes at places of the last dimensions of `self` that the indices name. */
export const indicesInto =
  (spatial: number): Guard =>
  (given) => {
    const [self, indices] = [tensorOf(given.self), tensorOf(given.indices)];
    if (self === undefined || indices === undefined) return undefined;
    if (self.ndim < spatial) return `argument 'self' must have at least ${spatial} dimensions`;
    const grad = tensorOf(given.grad_output);
    if (grad !== undefined && grad.shape.join() !== indices.shape.join())
      return "arguments 'grad_output' and 'indices' must have one shape";
    if (indices.ndim !== self.ndim || indices.dtype.name !== 'int64')
      return "argument 'indices' must be of int64, with the dimensions of 'self'";
    return outOfRange('indices', indices, product(self.shape.slice(-spatial)));
  };

/** Reads the bits of so many direction numbers, 30 a dimension. */
export const sobol =
  (...names: string[]): Guard =>
  (given) => {
    const dimension = Number(given.dimension);
    if (!(dimension >= 1 && dimension <= 21201))
      return `argument 'dimension' must be from 1 to 21201, not ${dimension}`;
    for (const name of ['n', 'num_generated']) {
      if (given[name] !== undefined && !(Number(given[name]) >= 0 && Number(given[name]) < 2 ** 30)) {
        return `argument '${name}' must be from 0 to 2^30 - 1`;
      }
    }
    for (const name of names) {
      const tensor = tensorOf(given[name]);
      if (tensor === undefined) continue;
      const [rows, bits, more] = tensor.shape;
      const square = name !== 'ltm' || (more === 30 && tensor.ndim === 3);
      const long = tensor.dtype.name === 'int64' && !tensor.isMeta && tensor.layout.name === 'strided';
      const state =
        name === 'quasi' ? tensor.numel() >= dimension : (rows ?? 0) >= dimension && bits === 30 && square;
      if (!state || !long) return `argument '${name}' is no state of int64 for ${dimension} dimensions`;
    }
    return undefined;
  };

/** Adds the gradients of an embedding at places that the indices name. */
export const embeddingBag: Guard = (given) => {
  const [grad, indices] = [tensorOf(given.grad), tensorOf(given.indices)];
  const bags = tensorOf(given.offset2bag);
  if (grad === undefined || indices === undefined || bags === undefined) return undefined;
  if (grad.ndim !== 2) return "argument 'grad' must have 2 dimensions";
  if (indices.ndim !== 1 || (bags.numel() !== 0 && bags.shape.join() !== indices.shape.join())) {
    return "arguments 'indices' and 'offset2bag' must be lists of one length";
  }
  const rows = given.num_weights === undefined ? tensorOf(given.weight)?.shape[0] : Number(given.num_weights);
  for (const name of ['bag_size', 'maximum_indices', 'per_sample_weights', 'offsets']) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && tensor.numel() > 0 && tensor.isMeta !== grad.isMeta)
      return `argument '${name}' is on another device`;
  }
  const sizes = tensorOf(given.bag_size);
  if (sizes !== undefined && sizes.numel() !== 0 && sizes.numel() < grad.size(0))
    return "argument 'bag_size' has fewer elements than there are bags";
  return outOfRange('indices', indices, rows ?? 0) ?? outOfRange('offset2bag', bags, grad.size(0));
};

/** Reads the probabilities of the classes that the targets name; what pads a row of targets may be anything. */
export const ctcTargets: Guard = (given) => {
  const [probabilities, targets] = [tensorOf(given.log_probs), tensorOf(given.targets)];
  if (probabilities === undefined || targets === undefined || probabilities.ndim < 2 || targets.ndim !== 2) {
    return probabilities === undefined || targets === undefined
      ? undefined
      : outOfRange('targets', targets, probabilities.size(-1));
  }
  const lengths = Array.from(
    (tensorOf(given.target_lengths)?.toTypedArray() ?? given.target_lengths) as ArrayLike<unknown>,
    Number,
  );
  for (let row = 0; row < Math.min(targets.size(0), lengths.length); row++) {
    const length = Math.min(Math.max(lengths[row] as number, 0), targets.size(1));
    const problem = outOfRange(
      'targets',
      targets.select(0, row).narrow(0, 0, length),
      probabilities.size(-1),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Searches so many elements of the tensor, in so many steps. */
export const quantizationSearch: Guard = (given) => {
  const count = tensorOf(given.input)?.numel() ?? 0;
  if (!(Number(given.numel) > 0 && Number(given.numel) <= count))
    return `argument 'numel' must be from 1 to ${count}`;
  if (!(Number(given.ratio) >= 0 && Number(given.ratio) <= 1)) return "argument 'ratio' must be from 0 to 1";
  return Number(given.n_bins) > 0 && Number(given.n_bins) <= 2 ** 20
    ? undefined
    : "argument 'n_bins' must be from 1 to 2^20";
};

/** Takes the indices as they are; whoever reads the tensor reads and writes there. */
export const sparseIndices: Guard = (given) => {
  const indices = tensorOf(given.indices);
  if (indices === undefined || indices.ndim !== 2)
    return indices === undefined ? undefined : "argument 'indices' must have 2 dimensions";
  const sizes = numbersOf(given.size);
  for (let dim = 0; dim < indices.size(0); dim++) {
    const problem = outOfRange('indices', indices.select(0, dim), sizes[dim] ?? 0);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Hands the matrices to LAPACK, which answers NaN with a size that is none. */
export const finite =
  (name: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    if (
      tensor === undefined ||
      tensor.isMeta ||
      tensor.layout.name !== 'strided' ||
      tensor.dtype.name.startsWith('q')
    )
      return undefined;
    return tensor.isfinite().all().item() === true
      ? undefined
      : `argument '${name}' should not contain infs or NaNs`;
  };

/** Takes as many pivots as the shorter side of each matrix has rows. */
export const pivots: Guard = (given) => {
  const [data, indices] = [tensorOf(given.LU_data ?? given.LU), tensorOf(given.LU_pivots ?? given.pivots)];
  if (data === undefined || indices === undefined) return undefined;
  if (data.ndim < 2) return 'the factors must have at least 2 dimensions';
  const wanted = [...data.shape.slice(0, -2), Math.min(data.size(-2), data.size(-1))];
  return indices.shape.join() === wanted.join()
    ? undefined
    : `the pivots must have shape [${wanted}], not [${indices.shape}]`;
};

/** Writes its own type into `out`, whatever that is. */
export const outOfType =
  (source: string, out = 'out'): Guard =>
  (given) => {
    const [from, to] = [tensorOf(given[source]), tensorOf(given[out])];
    if (from === undefined || to === undefined || from.dtype === to.dtype) return undefined;
    return `argument '${out}' must be of ${from.dtype}, not ${to.dtype}`;
  };

/** Reads one row of the gradient for each index. */
export const embeddingRows: Guard = (given) => {
  const [grad, indices] = [tensorOf(given.grad_output), tensorOf(given.indices)];
  if (grad === undefined || indices === undefined || grad.ndim === 0)
    return "argument 'grad_output' must have at least 1 dimension";
  return grad.numel() === indices.numel() * grad.size(-1)
    ? undefined
    : "argument 'grad_output' must have a row for each index";
};

/** Multiplies each slice of `v` by its own element of `g`. */
export const weightNorm: Guard = (given) => {
  const [v, g] = [tensorOf(given.v ?? given.saved_v), tensorOf(given.g ?? given.saved_g)];
  if (v === undefined || g === undefined) return undefined;
  const dim = Number(given.dim ?? 0);
  if (v.ndim === 0 || v.numel() === 0 || (dim !== 0 && dim !== v.ndim - 1))
    return "argument 'dim' must be the first or the last of a tensor with elements";
  return g.numel() === v.size(dim) && g.dtype === v.dtype
    ? undefined
    : `argument 'g' must have ${v.size(dim)} elements of ${v.dtype}`;
};

/** Looks at memory by sizes and strides that may lead beyond it. */
export const stridesWithin: Guard = (given) => {
  const tensor = tensorOf(given.self);
  if (tensor === undefined || tensor.layout.name !== 'strided')
    return tensor === undefined ? undefined : "argument 'self' must be dense";
  const [sizes, strides] = [numbersOf(given.size), numbersOf(given.stride)];
  if (sizes.length !== strides.length || [...sizes, ...strides].some((n) => !(n >= 0)))
    return 'sizes and strides must be as many, and not negative';
  const span = (lengths: readonly number[], steps: readonly number[]): number =>
    lengths.includes(0)
      ? 0
      : lengths.reduce((sum, length, i) => sum + (length - 1) * (steps[i] as number), 1);
  const wanted = span(sizes, strides) + Number(given.offset_increment ?? 0);
  const there = span(tensor.shape, tensor.stride());
  return wanted <= there ? undefined : `sizes and strides reach over ${wanted} elements of ${there}`;
};

/** Solves without a look at the sizes. */
export const choleskySystem: Guard = (given) => {
  const [b, a] = [tensorOf(given.self), tensorOf(given.A)];
  if (a === undefined || b === undefined) return undefined;
  const fits =
    a.ndim >= 2 &&
    a.ndim === b.ndim &&
    a.size(-1) === a.size(-2) &&
    a.size(-1) === b.size(-2) &&
    a.dtype === b.dtype;
  return fits && a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join()
    ? undefined
    : 'the matrices do not fit each other';
};

/** Walks the lattice of each example of the batch by the lengths that it is given. */
export const ctcBackward: Guard = (given) => {
  const [p, alpha, nll, grad] = ['log_probs', 'log_alpha', 'neg_log_likelihood', 'grad'].map((name) =>
    tensorOf(given[name]),
  );
  if (!p || !alpha || !nll || !grad) return undefined;
  if (p.ndim !== 3) return "argument 'log_probs' must have 3 dimensions";
  const [steps, batch] = p.shape as [number, number];
  const counts = (name: string): number[] =>
    Array.from((tensorOf(given[name])?.toTypedArray() ?? given[name]) as ArrayLike<unknown>, Number);
  const [inputs, targets] = [counts('input_lengths'), counts('target_lengths')];
  if (inputs.length !== batch || targets.length !== batch) return 'there must be as many lengths as examples';
  if (inputs.some((n) => n < 0 || n > steps) || targets.some((n) => n < 0)) return 'a length is out of range';
  const longest = Math.max(0, ...targets);
  if (
    alpha.ndim !== 3 ||
    alpha.size(0) !== batch ||
    alpha.size(1) !== steps ||
    alpha.size(2) < 2 * longest + 1 ||
    alpha.dtype !== p.dtype
  ) {
    return "argument 'log_alpha' is not that of the forward pass";
  }
  if (nll.numel() !== batch || grad.numel() !== batch || nll.dtype !== p.dtype)
    return 'there must be one loss and gradient for each example';
  const list = tensorOf(given.targets);
  const enough =
    list?.ndim === 1
      ? list.numel() >= targets.reduce((a, b) => a + b, 0)
      : list?.size(0) === batch && list.size(1) >= longest;
  if (!enough || (list?.dtype.name !== 'int64' && list?.dtype.name !== 'int32'))
    return "argument 'targets' is shorter than the lengths, or not of integers";
  const blank = Number(given.blank);
  return blank >= 0 && blank < p.size(2) ? ctcTargets(given) : "argument 'blank' is no class";
};

/** Copies between lists of tensors of any layout. */
export const denseLists: Guard = (given) => {
  for (const [name, list] of Object.entries(given)) {
    if (!Array.isArray(list)) continue;
    for (const item of list) {
      const problem = dense(name)({ [name]: item as unknown });
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
};

/** Writes the running extremes and where they are, as many as there are elements. */
export const cumulativeExtremes: Guard = (given) => {
  const [self, values, indices] = ['self', 'values', 'indices'].map((name) => tensorOf(given[name]));
  if (!self || !values || !indices) return undefined;
  const shape = self.shape.join();
  if (values.shape.join() !== shape || values.dtype !== self.dtype)
    return "argument 'values' must have the shape and dtype of 'self'";
  if (indices.shape.join() !== shape || indices.dtype.name !== 'int64')
    return "argument 'indices' must be of int64, with the shape of 'self'";
  return dimensions('dim')(given);
};

/** Unfolds images by sizes that it takes from these. */
export const slowConvolutionBackward: Guard = (given) => {
  const [grad, self, weight] = ['grad_output', 'self', 'weight'].map((name) => tensorOf(given[name]));
  if (!grad || !self || !weight) return undefined;
  if ([grad, self, weight].some((tensor) => tensor.ndim !== 4 || tensor.dtype !== self.dtype)) {
    return 'the gradient, the input and the weight must have 4 dimensions and one dtype';
  }
  const both = (name: string): number[] =>
    Array.isArray(given[name]) ? numbersOf(given[name]) : [Number(given[name]), Number(given[name])];
  const [kernel, stride, padding] = [both('kernel_size'), both('stride'), both('padding')];
  for (let i = 0; i < 2; i++) {
    const [k, s, p] = [kernel[i], stride[i], padding[i]] as [number, number, number];
    const length = Math.floor((self.size(2 + i) + 2 * p - k) / s) + 1;
    if (!(k > 0 && s > 0 && p >= 0) || weight.size(2 + i) !== k || grad.size(2 + i) !== length)
      return 'the sizes do not fit each other';
  }
  return weight.size(1) === self.size(1) && weight.size(0) === grad.size(1) && grad.size(0) === self.size(0)
    ? undefined
    : 'the channels do not fit each other';
};

/** Puts a dimension in where `dim` says, and the tensors one after the other, as large as the first. */
export const tensorsToStack: Guard = (given) => {
  if (!Array.isArray(given.tensors)) return undefined;
  const [tensor] = given.tensors.map(tensorOf);
  if (tensor === undefined) return 'stack expects a non-empty TensorList';
  const dim = Number(given.dim ?? 0);
  if (!(dim >= -tensor.ndim - 1 && dim <= tensor.ndim)) {
    return `Dimension out of range (expected to be in range of [${-tensor.ndim - 1}, ${tensor.ndim}], but got ${dim})`;
  }
  return denseLists(given);
};

/** Writes as many rows as the last of the pointers says. */
export const rowPointers: Guard = (given) => {
  const [rows, columns] = [tensorOf(given.crow_indices), tensorOf(given.col_indices)];
  if (rows === undefined || columns === undefined) return undefined;
  if (rows.dtype !== columns.dtype || rows.dtype.isFloatingPoint || rows.dtype.isComplex)
    return 'the indices must be integers of one dtype';
  if (
    rows.ndim < 1 ||
    rows.ndim !== columns.ndim ||
    rows.shape.slice(0, -1).join() !== columns.shape.slice(0, -1).join()
  )
    return 'the batches do not fit each other';
  if (rows.isMeta || rows.layout.name !== 'strided' || rows.numel() === 0) return undefined;
  const [pointers, length, count] = [
    Array.from(rows.toTypedArray(), Number),
    rows.size(-1),
    columns.size(-1),
  ];
  for (let i = 0; i < pointers.length; i++) {
    const pointer = pointers[i] as number;
    const previous = i % length === 0 ? 0 : (pointers[i - 1] as number);
    if (pointer < previous || pointer > count)
      return `argument 'crow_indices': pointer ${pointer} is out of range`;
  }
  return undefined;
};

/** Negates the exponent, which the least of all integers does not bear: the loop would never end. */
export const exponent: Guard = (given) =>
  typeof given.n === 'bigint' && given.n === -(2n ** 63n)
    ? "argument 'n' must be greater than -2^63"
    : undefined;

/** Divides by the length of a row. */
export const rowsWithElements: Guard = (given) => {
  const tensor = tensorOf(given.weight);
  if (tensor === undefined) return undefined;
  return tensor.ndim >= 2 && tensor.numel() > 0
    ? undefined
    : "argument 'weight' must have at least 2 dimensions and elements";
};

/** Asks the first of the tensors for its dtype. */
export const tensorsToConcatenate: Guard = (given) =>
  Array.isArray(given.tensors) && given.tensors.length === 0
    ? 'torch.cat(): expected a non-empty list of Tensors'
    : undefined;

/** Divides a channel count by the groups, and reads as many weights as there are channels. */
export const groupNorm: Guard = (given) => {
  const tensor = tensorOf(given.input ?? given.X);
  const [n, c, size, group] = [given.N, given.C, given.HxW, given.group].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (!(group > 0) || !(c > 0) || !(n >= 0) || !(size >= 0) || c % group !== 0) {
    return `Expected number of channels in input to be divisible by num_groups, but got ${c} channels and num_groups=${group}`;
  }
  if (tensor !== undefined && tensor.numel() !== n * c * size)
    return `the input has ${tensor.numel()} elements, not ${n * c * size}`;
  for (const name of ['weight', 'bias', 'gamma']) {
    const count = tensorOf(given[name])?.numel();
    if (count !== undefined && count !== c)
      return `argument '${name}' should contain ${c} elements, not ${count}`;
  }
  return undefined;
};

/** Makes an integer of the step and divides by it. */
export function stepOfIntegers(dtype: string): Guard {
  return (given) => {
    const type =
      given[dtype] instanceof Tensor ? given[dtype].dtype : (given[dtype] as Tensor['dtype'] | undefined);
    if (type === undefined || type === null || type.isFloatingPoint || type.isComplex) return undefined;
    return Math.trunc(Number(given.step ?? 1)) === 0 ? 'step must be nonzero' : undefined;
  };
}

/** Reads strides or data that such a tensor has not. */
export const dense =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => {
      const tensor = tensorOf(given[candidate]);
      return tensor !== undefined && (tensor.layout.name !== 'strided' || tensor.dtype.name.startsWith('q'));
    });
    return name === undefined ? undefined : `argument '${name}' must be a dense tensor that is not quantized`;
  };

/** Reads as many statistics as there are channels, whether they are given or not. */
export function batchNorm(
  input: string,
  training: string | boolean,
  inTraining: readonly string[],
  otherwise: readonly string[],
): Guard {
  return (given) => {
    const tensor = tensorOf(given[input]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim < 2) return `argument '${input}' must have at least 2 dimensions`;
    const channels = tensor.size(1);
    const needed =
      (typeof training === 'string' ? given[training] : training) === true ? inTraining : otherwise;
    for (const name of new Set([...needed, ...inTraining, ...otherwise, 'weight', 'bias'])) {
      const statistics = tensorOf(given[name]);
      if (statistics === undefined) {
        if (needed.includes(name))
          return `argument '${name}' is needed for ${given[training as string] === true ? 'training' : 'evaluation'}`;
      } else if (statistics.numel() !== channels) {
        return `argument '${name}' should contain ${channels} elements, not ${statistics.numel()}`;
      }
    }
    return undefined;
  };
}
