/** Small functions of `torch` itself. See https://docs.pytorch.org/docs/2.13/torch.html */
import { Tensor } from './tensor.js';

/**
 * The number of elements of a tensor.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.numel.html
 */
export function numel(input: Tensor): number {
  if (!(input instanceof Tensor))
    throw new TypeError(`numel(): argument 'input' must be Tensor, not ${typeof input}`);
  return input.numel();
}

/**
 * The index of the device that a tensor is on; -1 on the CPU.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.get_device.html
 */
export function getDevice(input: Tensor): number {
  if (!(input instanceof Tensor))
    throw new TypeError(`getDevice(): argument 'input' must be Tensor, not ${typeof input}`);
  return input.getDevice();
}

/**
 * What kind of thing a value is: of a tensor, the name that `Tensor.type` gives; of a class or a function, its name; of
 * another object, the name of its class.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.typename.html
 */
export function typename(obj: unknown): string {
  if (obj instanceof Tensor) return obj.type();
  if (typeof obj === 'function') return obj.name;
  if (typeof obj !== 'object' || obj === null) return obj === null ? 'null' : typeof obj;
  return (obj.constructor as { name?: string } | undefined)?.name ?? 'object';
}
