/** Mixed precision. See https://docs.pytorch.org/docs/2.13/amp.html */
import { type DeviceType, device } from '../device.js';
import { DType, dtypeOf } from '../dtype.js';
import { bfloat16, float16 } from '../dtypes.js';
import { TorchError } from '../errors.js';
import { native } from '../native.js';
import { checkOptions } from '../options.js';
import { checkCallback, guardOf, type ModeGuard, within } from '../scope.js';

/** Options of {@link autocast}. */
export interface AutocastOptions {
  /** What operators that profit from it compute in. Default: `bfloat16` on the CPU, `float16` on CUDA. */
  dtype?: DType | null;
  /** `false`: the other way round, a part in full precision within autocast. Default: `true`. */
  enabled?: boolean;
  /** Whether a weight that is cast is cast once until the outermost scope ends. Default: as it is, `true` at first. */
  cacheEnabled?: boolean | null;
}

const codeOf = (deviceType: DeviceType): number => device(deviceType).code;

/**
 * Lets operators choose their precision: in its scope those that profit from it, matrix products above all, cast their
 * arguments to a shorter dtype, and those that need it to single precision. The scope is what `fn` does, or without `fn`
 * that of the guard: `using scope = torch.autocast('cpu')`. Run forward and loss in it, and backward outside.
 *
 *     const loss = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => F.crossEntropy(model(x), y));
 *     loss.backward();
 *
 * `autocast(deviceType, { dtype, enabled = true, cacheEnabled }, fn)`
 *
 * See https://docs.pytorch.org/docs/2.13/amp.html#torch.autocast
 *
 * @throws TorchError for a device that has no autocast; TypeError where `fn` is asynchronous.
 */
export function autocast(deviceType: DeviceType, options?: AutocastOptions): ModeGuard;
export function autocast<T>(deviceType: DeviceType, fn: () => T): T;
export function autocast<T>(deviceType: DeviceType, options: AutocastOptions, fn: () => T): T;
export function autocast<T>(
  deviceType: DeviceType,
  first: AutocastOptions | (() => T) = {},
  second?: () => T,
): T | ModeGuard {
  const [options, fn] = typeof first === 'function' ? [{}, first] : [first, second];
  checkOptions('autocast', options, ['dtype'], ['enabled', 'cacheEnabled']);
  checkCallback('autocast', fn);
  if (typeof deviceType !== 'string') {
    throw new TypeError(`Expected \`device_type\` of type \`str\`, got: \`${typeof deviceType}\``);
  }
  const code = codeOf(deviceType);
  if (!native.autocastAvailable(code))
    throw new TorchError(`User specified an unsupported autocast device_type '${deviceType}'`);
  const dtype = options.dtype ?? getAutocastDtype(deviceType);
  if (!(dtype instanceof DType)) throw new TypeError('autocast(): dtype must be a torch.dtype');
  const before = {
    enabled: native.autocastEnabled(code),
    dtype: native.autocastDtype(code),
    cache: native.autocastCacheEnabled(),
  };
  const enabled = (options.enabled ?? true) && isPossible(deviceType, dtype);
  native.setAutocast(code, enabled, dtype.code, options.cacheEnabled ?? before.cache, 1);
  const guard = guardOf(() => native.setAutocast(code, before.enabled, before.dtype, before.cache, -1));
  return within('autocast', guard, fn);
}

/** Where it is not, PyTorch warns and goes on without. */
function isPossible(deviceType: DeviceType, dtype: DType): boolean {
  if (deviceType === 'cuda') {
    if (native.cudaDeviceCount() > 0) return true;
    process.emitWarning('CUDA is not available. Disabling autocast.', 'UserWarning');
    return false;
  }
  if (dtype === bfloat16 || dtype === float16) return true;
  const name = deviceType.toUpperCase();
  process.emitWarning(
    `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
      `${name} Autocast only supports dtypes of ${bfloat16}, ${float16} currently.`,
    'UserWarning',
  );
  return false;
}

/** Whether operators on such a device choose their precision here. */
export function isAutocastEnabled(deviceType: DeviceType = 'cuda'): boolean {
  return native.autocastEnabled(codeOf(deviceType));
}

/** What they would compute in. */
export function getAutocastDtype(deviceType: DeviceType): DType {
  return dtypeOf(native.autocastDtype(codeOf(deviceType)));
}

/** Whether a weight that is cast is cast once until the outermost scope ends. */
export function isAutocastCacheEnabled(): boolean {
  return native.autocastCacheEnabled();
}

/** Forgets the casts of weights, which nothing needs unless a weight has got other data within the scope. */
export function clearAutocastCache(): void {
  native.clearAutocastCache();
}

/** Whether there is autocast for such a device. */
export function isAutocastAvailable(deviceType: DeviceType): boolean {
  return native.autocastAvailable(codeOf(deviceType));
}
