/** The default generators. See https://docs.pytorch.org/docs/stable/random.html */
import { device } from './device.js';
import { checkSeed, Generator } from './generator.js';
import { native } from './native.js';
import type { Tensor } from './tensor.js';

/** The CPU's default generator, which random operators draw from where they are given none. */
export const defaultGenerator: Generator = new Generator('cpu', native.defaultGenerator(device('cpu').code));

/**
 * Seeds the default generators of all devices: the same seed gives the numbers that it gives in PyTorch.
 * @param seed An integer of 64 bits; a negative one counts as its two's complement.
 */
export function manualSeed(seed: number | bigint): Generator {
  native.manualSeed(checkSeed('manualSeed', seed));
  return defaultGenerator;
}

/** Seeds the default generators of all devices from the system's randomness. Returns the seed. */
export function seed(): number | bigint {
  const value = defaultGenerator.seed();
  manualSeed(value);
  return value;
}

/** The seed that the CPU's default generator started from. */
export function initialSeed(): number | bigint {
  return defaultGenerator.initialSeed();
}

/** The state of the CPU's default generator, a tensor of bytes. */
export function getRngState(): Tensor {
  return defaultGenerator.getState();
}

/** Sets the state of the CPU's default generator. */
export function setRngState(state: Tensor): void {
  defaultGenerator.setState(state);
}

export { Generator } from './generator.js';
