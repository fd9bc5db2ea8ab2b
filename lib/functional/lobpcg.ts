import { bool, callback, float, int, optional, parameters, type Rest, tensor, text } from '../arguments.js';
import { AutogradFunction, type FunctionCtx } from '../autograd/function.js';
import { TorchError } from '../errors.js';
import * as functions from '../generated/functions.js';
import { tidy } from '../memory.js';
import { pow } from '../optim/scalarMath.js';
import type { Tensor } from '../tensor.js';
import { settings } from './arguments.js';
import { floatingDtype } from './linalgUtils.js';
import { eigenBackward } from './lobpcgBackward.js';
import { Lobpcg, type LobpcgParameters } from './lobpcgWorker.js';

/** How residuals become new search directions: orthogonally to the others, or as they are. */
export type LobpcgMethod = 'ortho' | 'basic';

/** Options of {@link lobpcg}. */
export interface LobpcgOptions {
  /** How many eigenpairs. Default: the columns of X, or 1. */
  k?: number | null;
  /** The matrix on the right of the generalized problem `A x = λ B x`. Default: the identity. */
  B?: Tensor | null;
  /** What the iteration starts from, `(*, m, n)`. The basic method writes to it. Default: normal random numbers. */
  X?: Tensor | null;
  /** The number of columns of the random X. Default: k. */
  n?: number | null;
  /** The preconditioner, which the basic method applies to residuals. Default: the identity. */
  iK?: Tensor | null;
  /** The most iterations; -1 for no limit. Default: 1000. */
  niter?: number | null;
  /** The residual, relative to the matrix, at which an eigenpair counts as found. Default: the root of the dtype's epsilon. */
  tol?: number | null;
  /** Whether the largest eigenvalues are wanted, and not the smallest. Default: `true`. */
  largest?: boolean | null;
  /** Default: `'ortho'`. */
  method?: LobpcgMethod | null;
  /** Called after each iteration with the state of the solver. */
  tracker?: ((worker: Lobpcg) => void) | null;
  /** Most iterations of the orthogonalization: `ortho_i_max` (3), `ortho_j_max` (3). */
  orthoIparams?: { ortho_i_max?: number; ortho_j_max?: number } | null;
  /** Tolerances of the orthogonalization, all `tol` by default. */
  orthoFparams?: { ortho_tol?: number; ortho_tol_drop?: number; ortho_tol_replace?: number } | null;
  /** Whether the orthogonalization leaves out what depends on the rest: `ortho_use_drop` (`false`). */
  orthoBparams?: { ortho_use_drop?: boolean } | null;
}

type Positional = [
  k: number | null,
  B: Tensor | null,
  X: Tensor | null,
  n: number | null,
  iK: Tensor | null,
  niter: number | null,
  tol: number | null,
  largest: boolean | null,
  method: LobpcgMethod | null,
];

const positional = {
  A: tensor,
  k: optional(int),
  B: optional(tensor),
  X: optional(tensor),
  n: optional(int),
  iK: optional(tensor),
  niter: optional(int),
  tol: optional(float),
  largest: optional(bool),
  method: optional(text()),
};

const read = parameters(
  'lobpcg',
  {
    ...positional,
    tracker: optional(callback<(worker: Lobpcg) => void>()),
    orthoIparams: optional(settings<NonNullable<LobpcgOptions['orthoIparams']>>()),
    orthoFparams: optional(settings<NonNullable<LobpcgOptions['orthoFparams']>>()),
    orthoBparams: optional(settings<NonNullable<LobpcgOptions['orthoBparams']>>()),
  },
  Object.keys(positional).length,
);

type Given = ReturnType<typeof read>;

/** A sparse matrix stays as it is. */
const dense = <T extends Tensor | null>(matrix: T): T =>
  (matrix === null || matrix.isSparse ? matrix : matrix.contiguous()) as T;

class LOBPCGAutogradFunction extends AutogradFunction {
  static forward(
    ctx: FunctionCtx<{ largest: boolean }>,
    A: Tensor,
    B: Tensor | null,
    options: Given,
  ): [E: Tensor, X: Tensor] {
    const [a, b] = [dense(A), dense(B)];
    const [E, X] = solve({ ...options, A: a, B: b });
    ctx.saveForBackward(a, b, E, X);
    ctx.largest = options.largest ?? true;
    return [E, X];
  }

  static backward(
    ctx: FunctionCtx<{ largest: boolean }, [Tensor, Tensor | null, Tensor, Tensor]>,
    gradE: Tensor,
    gradX: Tensor,
  ): (Tensor | null)[] {
    return tidy(() => {
      const [A, B, E, X] = ctx.savedTensors;
      if (A.isSparse || (B?.isSparse === true && ctx.needsInputGrad[1] === true)) {
        throw new RangeError(
          'lobpcg.backward does not support sparse input yet. Note that lobpcg.forward does though.',
        );
      }
      if (A.isComplex() || B?.isComplex() === true) {
        throw new RangeError(
          'lobpcg.backward does not support complex input yet. Note that lobpcg.forward does though.',
        );
      }
      if (B !== null) throw new RangeError('lobpcg.backward does not support backward with B != I yet.');
      return [eigenBackward(gradE, gradX, A, E, X, ctx.largest), null, null];
    });
  }
}

const epsilons: Readonly<Record<string, number>> = { float32: 1.2e-7, float64: 2.23e-16 };

/** A start of the wrong shape would be found out only deep inside. */
function checkStart(X: Tensor, m: number, n: number): void {
  const { shape } = X;
  if (shape.length === 2 && shape[0] === m && shape[1] === n) return;
  throw new TorchError(`X shape mismatch: got [${shape.join(', ')}], expected [${m}, ${n}]`);
}

/**
 * The largest or smallest eigenvalues, and their eigenvectors, of a symmetric positive definite matrix that may be
 * sparse, by the LOBPCG algorithm. Shapes: A `(*, m, m)`; the results are `(*, k)` and `(*, m, k)`.
 *
 * Gradients are those of a dense, real A without B, with distinct eigenvalues.
 *
 * `lobpcg(A, k = null, B = null, X = null, n = null, iK = null, niter = null, tol = null, largest = null,
 * method = null, { tracker = null, orthoIparams = null, orthoFparams = null, orthoBparams = null })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.lobpcg.html
 *
 * @throws RangeError for a matrix of fewer than 3 n rows; from backward for matrices that it has no
 * gradient for.
 */
export function lobpcg(A: Tensor, ...rest: Rest<Positional, LobpcgOptions>): [E: Tensor, X: Tensor];
export function lobpcg(...given: readonly unknown[]): [E: Tensor, X: Tensor] {
  const options = read(given);
  const { A, B } = options;
  if (!A.requiresGrad && B?.requiresGrad !== true) return solve(options);
  return tidy(() => {
    // What gradients are taken of is symmetric, and so are these then.
    const symmetric = <T extends Tensor | null>(matrix: T): T => (matrix?.add(matrix.mT).div(2) ?? null) as T;
    return LOBPCGAutogradFunction.apply(symmetric(A), symmetric(B), options);
  });
}

function solve(options: Given): [E: Tensor, X: Tensor] {
  const { A, B, X } = options;
  const { shape } = A;
  const m = shape.at(-1);
  if (m === undefined || shape.at(-2) !== m)
    throw new TorchError(`A must be square, got shape [${shape.join(', ')}]`);
  if (B !== null && B.shape.join() !== shape.join()) {
    throw new TorchError(
      `A and B must have same shape, got [${shape.join(', ')}] vs [${B.shape.join(', ')}]`,
    );
  }
  const dtype = floatingDtype(A);
  const { device } = A;
  const epsilon = epsilons[dtype.name];
  if (options.tol === null && epsilon === undefined)
    throw new TypeError(`lobpcg(): there is no default tol for ${dtype}`);
  const tol = options.tol ?? pow(epsilon as number, 0.5);
  const columns = X?.shape.at(-1);
  const k = options.k ?? columns ?? 1;
  const n = columns ?? options.n ?? k;
  if (m < 3 * n) {
    throw new RangeError(
      `LOBPCG algorithm is not applicable when the number of A rows (=${m}) is smaller than ` +
        `3 x the number of requested eigenpairs (=${n})`,
    );
  }
  const parameters: LobpcgParameters = {
    m,
    n,
    k,
    niter: options.niter ?? 1000,
    tol,
    largest: options.largest ?? true,
    method: options.method ?? 'ortho',
    iMax: options.orthoIparams?.ortho_i_max ?? 3,
    jMax: options.orthoIparams?.ortho_j_max ?? 3,
    orthoTol: options.orthoFparams?.ortho_tol ?? tol,
    tolDrop: options.orthoFparams?.ortho_tol_drop ?? tol,
    tolReplace: options.orthoFparams?.ortho_tol_replace ?? tol,
    useDrop: options.orthoBparams?.ortho_use_drop ?? false,
  };
  const solveOne = (a: Tensor, b: Tensor | null, start: Tensor | null): [Tensor, Tensor] => {
    const x = start ?? functions.randn([m, n], { dtype, device });
    checkStart(x, m, n);
    const worker = new Lobpcg(a, b, x, options.iK, parameters, options.tracker);
    worker.run();
    return [worker.E.narrow(0, 0, k), worker.X.narrow(1, 0, k)];
  };
  return tidy(() => {
    if (shape.length === 2) return solveOne(A, B, X);
    const batch = shape.slice(0, -2);
    const count = batch.reduce((product, length) => product * length, 1);
    const flat = (tensor: Tensor | null): Tensor | undefined =>
      tensor?.reshape([count, ...tensor.shape.slice(-2)]);
    const flatA = flat(A) as Tensor;
    const flatB = flat(B);
    const flatX = flat(X);
    const E = functions.empty([count, k], { dtype, device });
    const vectors = functions.empty([count, m, k], { dtype, device });
    for (let i = 0; i < count; i++) {
      tidy(() => {
        const [values, columns] = solveOne(
          flatA.select(0, i),
          flatB?.select(0, i) ?? null,
          flatX?.select(0, i) ?? null,
        );
        E.select(0, i).copy_(values);
        vectors.select(0, i).copy_(columns);
      });
    }
    return [E.reshape([...batch, k]), vectors.reshape([...batch, m, k])];
  });
}
