import { bind, type Rest } from '../../arguments.js';
import { noGrad } from '../../autograd/index.js';
import { TorchError } from '../../errors.js';
import { dot, mv } from '../../functions.js';
import { keep, tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { normalize } from '../functional/normalization.js';
import type { RemovableHandle } from '../modules/hooks.js';
import { fieldsOf, isModule, stateOf } from '../modules/members.js';
import type { Module } from '../modules/module.js';
import { Parameter } from '../parameter.js';

/** Options of {@link spectralNorm}. */
export interface SpectralNormOptions {
  /** The parameter. Default: `'weight'`. */
  name?: string;
  /** Power iterations in each forward pass in training mode. Default: 1. */
  nPowerIterations?: number;
  /** What a norm of zero is divided by. Default: 1e-12. */
  eps?: number;
  /** The dimension of the outputs. Default: 0. */
  dim?: number | null;
}

const defaults: Required<SpectralNormOptions> = Object.freeze({
  name: 'weight',
  nPowerIterations: 1,
  eps: 1e-12,
  dim: null,
});

interface Normalized {
  handle: RemovableHandle;
  options: Required<SpectralNormOptions> & { dim: number };
}

/** By module, the parameters that are normalized. */
const normalized = new WeakMap<Module, Map<string, Normalized>>();

/** The weight as a matrix, the outputs first. */
function matrixOf(weight: Tensor, dim: number): Tensor {
  const first =
    dim === 0 ? weight : weight.permute(dim, ...weight.shape.map((_, i) => i).filter((i) => i !== dim));
  return first.reshape(first.size(0), -1);
}

function compute(module: Module, { options }: Normalized, iterate: boolean): Tensor {
  const { name, dim, eps, nPowerIterations } = options;
  const fields = fieldsOf(module) as Record<string, Tensor>;
  const weight = fields[`${name}_orig`] as Tensor;
  let [u, v] = [fields[`${name}_u`] as Tensor, fields[`${name}_v`] as Tensor];
  const matrix = matrixOf(weight, dim);
  if (iterate) {
    // The vectors change in place, and what goes into the graph are copies: two passes may go back after one another.
    [u, v] = noGrad(() =>
      tidy(() => {
        for (let i = 0; i < nPowerIterations; i++) {
          v.copy_(normalize(mv(matrix.t(), u), { dim: 0, eps }));
          u.copy_(normalize(mv(matrix, v), { dim: 0, eps }));
        }
        return [u.clone(), v.clone()];
      }),
    ) as [Tensor, Tensor];
  }
  return weight.div(dot(u, mv(matrix, v)));
}

/**
 * Divides a module's weight by its spectral norm, its largest singular value, in every forward pass: the weight becomes
 * `weight_orig`, with the buffers `weight_u` and `weight_v`, which power iteration keeps near the singular vectors.
 * Returns the module.
 *
 * `spectralNorm(module, name = 'weight', nPowerIterations = 1, eps = 1e-12, dim = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.spectral_norm.html
 *
 * @throws TypeError where `module` has no such parameter; RangeError where `nPowerIterations` is not positive; TorchError
 *   where the parameter is normalized already.
 */
export function spectralNorm<M extends Module>(
  module: M,
  ...rest: Rest<
    [name: string, nPowerIterations: number, eps: number, dim: number | null],
    SpectralNormOptions
  >
): M {
  if (!isModule(module)) throw new TypeError('spectralNorm(): expected a module');
  const given = bind('spectralNorm', defaults, rest);
  const { name, nPowerIterations, eps } = given;
  if (!(Number.isInteger(nPowerIterations) && nPowerIterations > 0)) {
    throw new RangeError(
      `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
    );
  }
  const own = normalized.get(module) ?? new Map<string, Normalized>();
  if (own.has(name))
    throw new TorchError(`Cannot register two spectral_norm hooks on the same parameter ${name}`);
  const weight = fieldsOf(module)[name];
  if (!(weight instanceof Parameter))
    throw new TypeError(`spectralNorm(): the module has no parameter '${name}'`);
  const options = { ...given, dim: given.dim ?? 0 };
  noGrad(() => {
    const [height, width] = matrixOf(weight, options.dim).shape as [number, number];
    const draw = (size: number): Tensor => normalize(weight.newEmpty([size]).normal_(0, 1), { dim: 0, eps });
    const u = draw(height);
    const v = draw(width);
    fieldsOf(module)[name] = keep(weight.data);
    module.registerParameter(`${name}_orig`, weight);
    module.registerBuffer(`${name}_u`, u);
    module.registerBuffer(`${name}_v`, v);
  });
  const entry: Normalized = {
    options,
    handle: module.registerForwardPreHook((self) => {
      fieldsOf(self)[name] = keep(compute(self, entry, self.training));
    }),
  };
  own.set(name, entry);
  normalized.set(module, own);
  return module;
}

/**
 * Makes the normalized weight a parameter again. Returns the module.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.remove_spectral_norm.html
 *
 * @throws TypeError where the parameter is not normalized.
 */
export function removeSpectralNorm<M extends Module>(module: M, name = 'weight'): M {
  const entry = normalized.get(module)?.get(name);
  if (entry === undefined) throw new TypeError(`spectral_norm of '${name}' not found in the module`);
  const weight = noGrad(() => compute(module, entry, false));
  entry.handle.remove();
  normalized.get(module)?.delete(name);
  for (const suffix of ['_u', '_v', '_orig']) {
    Reflect.deleteProperty(module, name + suffix);
    stateOf(module).buffers.delete(name + suffix);
  }
  fieldsOf(module)[name] = new Parameter(weight.detach());
  return module;
}
