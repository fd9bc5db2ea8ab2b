import { bind, checkTensor, type Rest } from '../../arguments.js';
import { noGrad } from '../../autograd/index.js';
import type { Device } from '../../device.js';
import type { DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { logicalOr, stack, zeros } from '../../functions.js';
import { tidy } from '../../memory.js';
import { describeValue } from '../../ops/describe.js';
import { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatFloat } from '../format.js';

/** Options of {@link clipGradNorm_} and {@link getTotalNorm}. */
export interface TotalNormOptions {
  /** The p of the norm; `Infinity` for the largest absolute value. Default: 2. */
  normType?: number;
  /** Throw if the norm is NaN or infinite. Default: `false`. */
  errorIfNonfinite?: boolean;
  /** Work on all tensors of a device and dtype in one call. Default: `null`, where that is possible. */
  foreach?: boolean | null;
}

const defaults: Required<TotalNormOptions> = Object.freeze({
  normType: 2,
  errorIfNonfinite: false,
  foreach: null,
});

/** The tensors by device and dtype, in the order in which these come up. */
function groups(tensors: readonly Tensor[]): Tensor[][] {
  const found: { device: Device; dtype: DType; tensors: Tensor[] }[] = [];
  for (const tensor of tensors) {
    // There is one object for each device and dtype.
    const { device, dtype } = tensor;
    const group = found.find((other) => other.device === device && other.dtype === dtype);
    if (group) group.tensors.push(tensor);
    else found.push({ device, dtype, tensors: [tensor] });
  }
  return found.map((group) => group.tensors);
}

function onto(device: Device, tensor: Tensor): Tensor {
  return tensor.device === device ? tensor : tensor.to({ device });
}

const foreachDevices = ['cpu', 'cuda', 'xpu', 'mtia'];

function usesForeach(group: readonly Tensor[], foreach: boolean | null): boolean {
  const type = (group[0] as Tensor).device.type;
  const supported = foreachDevices.includes(type);
  if (foreach && !supported) {
    throw new TorchError(`foreach=True was passed, but can't use the foreach API on ${type} tensors`);
  }
  return foreach ?? supported;
}

/**
 * The norm of all tensors together, as if they were one vector.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.get_total_norm.html
 *
 * @throws TorchError if the norm is not finite and `errorIfNonfinite` is set.
 */
export function getTotalNorm(
  tensors: Tensor | Iterable<Tensor>,
  ...rest: Rest<[normType: number, errorIfNonfinite: boolean, foreach: boolean | null], TotalNormOptions>
): Tensor {
  const { normType, errorIfNonfinite, foreach } = bind('getTotalNorm', defaults, rest);
  const all = listOf('getTotalNorm', tensors);
  const where = all[0]?.device;
  if (where === undefined) return zeros([]);
  return noGrad(() =>
    tidy(() => {
      const norms = groups(all).flatMap((group) =>
        usesForeach(group, foreach)
          ? aten._foreach_norm(group, normType)
          : group.map((tensor) => aten.linalg_vector_norm(tensor, normType, null, false)),
      );
      const total = aten.linalg_vector_norm(
        stack(norms.map((norm) => onto(where, norm))),
        normType,
        null,
        false,
      );
      if (errorIfNonfinite && logicalOr(total.isnan(), total.isinf()).item()) {
        throw new TorchError(
          `The total norm of order ${formatFloat(normType)} for gradients from \`parameters\` is non-finite, so it ` +
            'cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set ' +
            '`error_if_nonfinite=False`',
        );
      }
      return total;
    }),
  );
}

function listOf(callee: string, tensors: Tensor | Iterable<Tensor>): Tensor[] {
  if (tensors instanceof Tensor) return [tensors];
  const list = typeof tensors?.[Symbol.iterator] === 'function' ? [...tensors] : [null];
  const wrong = list.find((item) => !(item instanceof Tensor));
  if (wrong !== undefined)
    throw new TypeError(
      `${callee}(): expected a Tensor or an iterable of Tensors, not ${describeValue(wrong ?? tensors)}`,
    );
  return list as Tensor[];
}

function gradientsOf(parameters: readonly Tensor[]): Tensor[] {
  return parameters.flatMap((parameter) => parameter.grad ?? []);
}

/**
 * Scales the gradients of the parameters, in place, so that their norm `totalNorm` is at most `maxNorm`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.clip_grads_with_norm_.html
 */
export function clipGradsWithNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  totalNorm: Tensor,
  ...rest: Rest<[foreach: boolean | null], { foreach?: boolean | null }>
): void {
  const { foreach } = bind('clipGradsWithNorm_', { foreach: null as boolean | null }, rest);
  checkTensor('clipGradsWithNorm_', totalNorm, 'totalNorm');
  noGrad(() =>
    tidy(() => {
      const gradients = gradientsOf(listOf('clipGradsWithNorm_', parameters));
      if (gradients.length === 0) return;
      // Python's `max_norm / (total_norm + 1e-6)`, which multiplies by the reciprocal.
      const coefficient = totalNorm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
      for (const group of groups(gradients)) {
        const factor = onto((group[0] as Tensor).device, coefficient);
        if (usesForeach(group, foreach)) aten._foreach_mul_.Tensor(group, factor);
        else for (const gradient of group) gradient.mul_(factor);
      }
    }),
  );
}

/**
 * Scales the gradients of the parameters, in place, so that their norm, taken over all of them together, is
 * at most `maxNorm`. Gives the norm that they had.
 *
 * ```ts
 * loss.backward();
 * nn.utils.clipGradNorm_(model.parameters(), 5);
 * optimizer.step();
 * ```
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.clip_grad_norm_.html
 *
 * @throws TorchError if the norm is not finite and `errorIfNonfinite` is set.
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  ...rest: Rest<[normType: number, errorIfNonfinite: boolean, foreach: boolean | null], TotalNormOptions>
): Tensor {
  const options = bind('clipGradNorm_', defaults, rest);
  checkNumber('clipGradNorm_', 'maxNorm', maxNorm);
  return tidy(() => {
    const list = listOf('clipGradNorm_', parameters);
    const total = getTotalNorm(gradientsOf(list), options);
    clipGradsWithNorm_(list, maxNorm, total, { foreach: options.foreach });
    return total;
  });
}

/**
 * Clamps every element of the gradients, in place, to [-clipValue, clipValue].
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.clip_grad_value_.html
 */
export function clipGradValue_(
  parameters: Tensor | Iterable<Tensor>,
  clipValue: number,
  ...rest: Rest<[foreach: boolean | null], { foreach?: boolean | null }>
): void {
  const { foreach } = bind('clipGradValue_', { foreach: null as boolean | null }, rest);
  checkNumber('clipGradValue_', 'clipValue', clipValue);
  noGrad(() =>
    tidy(() => {
      for (const group of groups(gradientsOf(listOf('clipGradValue_', parameters)))) {
        if (usesForeach(group, foreach)) {
          aten._foreach_clamp_min_.Scalar(group, -clipValue);
          aten._foreach_clamp_max_.Scalar(group, clipValue);
        } else {
          for (const gradient of group) gradient.clamp_({ min: -clipValue, max: clipValue });
        }
      }
    }),
  );
}

function checkNumber(callee: string, name: string, value: number): void {
  if (typeof value !== 'number')
    throw new TypeError(`${callee}: ${name} should be a number, got ${typeof value}`);
}
