/** Generators of random numbers. See https://docs.pytorch.org/docs/2.13/generated/torch.Generator.html */
import { type Device, type DeviceLike, device, deviceLike, deviceOf } from './device.js';
import { type NativeGenerator, native } from './native.js';
import { Tensor, wrap } from './tensor.js';

/** A seed as PyTorch takes it: an integer of 64 bits. */
export function checkSeed(name: string, seed: number | bigint): number | bigint {
  if (typeof seed === 'bigint') {
    if (seed < -(2n ** 63n) || seed >= 2n ** 64n)
      throw new RangeError(`${name}(): the seed does not fit in 64 bits`);
    return BigInt.asIntN(64, seed);
  }
  if (!Number.isSafeInteger(seed))
    throw new TypeError(`${name}(): the seed must be an integer, not ${String(seed)}`);
  return seed;
}

function exact(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** A source of random numbers with a state of its own. */
export class Generator {
  /** @internal */
  readonly native: NativeGenerator;

  /** @param on Device, `'cpu'` by default. */
  constructor(on: DeviceLike = 'cpu', existing?: NativeGenerator) {
    this.native = existing ?? native.newGenerator(device(on).code);
  }

  get device(): Device {
    return deviceOf(native.generatorDevice(this.native));
  }

  /** Sets the seed. Returns the generator. */
  manualSeed(seed: number | bigint): this {
    native.generatorManualSeed(this.native, checkSeed('manualSeed', seed));
    return this;
  }

  /** Takes a seed from the system's randomness and returns it. */
  seed(): number | bigint {
    return exact(native.generatorSeed(this.native));
  }

  initialSeed(): number | bigint {
    return exact(native.generatorInitialSeed(this.native));
  }

  /** The state as a tensor of bytes. */
  getState(): Tensor {
    return wrap(native.generatorState(this.native)) as Tensor;
  }

  /** Takes a state from {@link getState}. Returns the generator. */
  setState(state: Tensor): this {
    if (!(state instanceof Tensor)) throw new TypeError(`setState(): expected a Tensor, not ${typeof state}`);
    native.setGeneratorState(this.native, state.handle);
    return this;
  }
}

/** The generator that random operators on a device draw from where they are given none. @internal */
export const defaultGeneratorOf = (on: Device): Generator =>
  new Generator(on, native.defaultGenerator(on.code));

/** The default generators of all CUDA devices, in their order. @internal */
export const cudaGenerators = (): Generator[] =>
  Array.from({ length: native.cudaDeviceCount() }, (_, index) => defaultGeneratorOf(deviceLike(index)));
