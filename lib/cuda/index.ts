/** CUDA devices. See https://docs.pytorch.org/docs/2.13/cuda.html */
import { type DeviceLike, device } from '../device.js';
import { native } from '../native.js';

export * from './random.js';

function indexOf(name: string, which: DeviceLike | number | undefined): number | null {
  if (which === undefined) return null;
  if (typeof which === 'number') {
    if (!Number.isInteger(which) || which < 0)
      throw new RangeError(`cuda.${name}(): not a device's index: ${which}`);
    return which;
  }
  const { type, index } = device(which);
  if (type !== 'cuda') throw new TypeError(`cuda.${name}(): expected a cuda device, not ${which}`);
  return index;
}

/** Whether libtorch has CUDA and there is a device. Never throws. */
export function isAvailable(): boolean {
  return native.cudaDeviceCount() > 0;
}

/** The number of CUDA devices; 0 where there is no CUDA. */
export function deviceCount(): number {
  return native.cudaDeviceCount();
}

/**
 * Waits for all work on a device (the current one by default).
 * @throws TorchError where there is no CUDA.
 */
export function synchronize(which?: DeviceLike | number): void {
  native.synchronizeDevice(indexOf('synchronize', which));
}

/** The index of the current device. */
export function currentDevice(): number {
  return native.currentDevice();
}

/** Makes a device the current one. */
export function setDevice(which: DeviceLike | number): void {
  const index = indexOf('setDevice', which);
  if (index !== null) native.setCurrentDevice(index);
}

/** Gives cached memory back to the driver. Nothing happens where there is no CUDA. */
export function emptyCache(): void {
  native.emptyDeviceCache();
}

/** Bytes that tensors take on a device. */
export function memoryAllocated(which?: DeviceLike | number): number {
  return native.deviceMemory(indexOf('memoryAllocated', which)).allocated;
}

/** The most bytes that tensors have taken since the start or {@link resetPeakMemoryStats}. */
export function maxMemoryAllocated(which?: DeviceLike | number): number {
  return native.deviceMemory(indexOf('maxMemoryAllocated', which)).peakAllocated;
}

/** Bytes that the caching allocator holds. */
export function memoryReserved(which?: DeviceLike | number): number {
  return native.deviceMemory(indexOf('memoryReserved', which)).reserved;
}

export function resetPeakMemoryStats(which?: DeviceLike | number): void {
  native.resetDevicePeak(indexOf('resetPeakMemoryStats', which));
}
