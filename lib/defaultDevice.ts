/**
 * The device of tensors whose device is not given.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_default_device.html
 */
import { type Device, type DeviceLike, device } from './device.js';
import { checkCallback, guardOf, type ModeGuard, within } from './scope.js';

/** The device that factories use, and how it crosses into the addon. Undefined while none is set: then it costs nothing. */
export interface DefaultDevice {
  device: Device | undefined;
  code: number | undefined;
}

/** What is in force now, one for each thread. To be read only. @internal */
export const defaultDevice: DefaultDevice = { device: undefined, code: undefined };

/**
 * The functions that make tensors where no device is given, by their Python names. Those that are made like another
 * tensor (`zeros_like`, `x.new_zeros`) are made where that one is, and `normal` on the CPU.
 * @internal
 */
export const defaultDeviceFactories: ReadonlySet<string> = new Set([
  'arange',
  'asarray',
  'as_tensor',
  'bartlett_window',
  'blackman_window',
  'empty',
  'empty_permuted',
  'empty_quantized',
  'empty_strided',
  'eye',
  'fft_fftfreq',
  'fft_rfftfreq',
  'full',
  'hamming_window',
  'hann_window',
  'kaiser_window',
  'linspace',
  'logspace',
  'ones',
  'rand',
  'randint',
  'randn',
  'randperm',
  'range',
  'scalar_tensor',
  'sparse_bsc_tensor',
  'sparse_bsr_tensor',
  'sparse_compressed_tensor',
  'sparse_coo_tensor',
  'sparse_csc_tensor',
  'sparse_csr_tensor',
  'tensor',
  'tril_indices',
  'triu_indices',
  'zeros',
]);

/**
 * The device that tensors are made on where none is given: what {@link setDefaultDevice} has set, else the CPU.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.get_default_device.html
 */
export function getDefaultDevice(): Device {
  return defaultDevice.device ?? device('cpu');
}

/**
 * Sets the device on which factories (`torch.zeros`, `torch.tensor`, `torch.arange`, ...) make tensors that are not
 * given one, for this thread.
 *
 * It stays until it is set again, or until the guard that is returned is disposed, which is what Python's
 * `with torch.device(...)` does: `using scope = torch.setDefaultDevice('meta')`. With a function, the device holds
 * while that runs.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_default_device.html
 *
 * @param to A device; null takes the default back to what it is without this call, the CPU.
 * @throws TypeError where it names no device, or `fn` is asynchronous.
 */
export function setDefaultDevice(to: DeviceLike | null): ModeGuard;
export function setDefaultDevice<T>(to: DeviceLike | null, fn: () => T): T;
export function setDefaultDevice<T>(to: DeviceLike | null, fn?: () => T): T | ModeGuard {
  checkCallback('setDefaultDevice', fn);
  const next = to === null ? undefined : device(to);
  const { device: before } = defaultDevice;
  put(next);
  return within(
    'setDefaultDevice',
    guardOf(() => put(before)),
    fn,
  );
}

function put(to: Device | undefined): void {
  defaultDevice.device = to;
  defaultDevice.code = to?.code;
}
