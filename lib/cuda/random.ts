/** The generators of CUDA devices. See https://docs.pytorch.org/docs/2.13/cuda.html#random-number-generator */
import { type DeviceLike, deviceLike } from '../device.js';
import { checkSeed, cudaGenerators, defaultGeneratorOf, type Generator } from '../generator.js';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';

type Which = DeviceLike | number;

function generatorOf(name: string, which: Which): Generator {
  const found = deviceLike(which);
  if (found.type !== 'cuda') throw new TypeError(`cuda.${name}(): expected a cuda device, not ${found}`);
  return defaultGeneratorOf(found);
}

/**
 * The state of a device's default generator, a tensor of bytes on the CPU.
 * @param which Default: the current device.
 * @throws TorchError where there is no CUDA, TypeError for another device.
 */
export function getRngState(which: Which = 'cuda'): Tensor {
  return generatorOf('getRngState', which).getState();
}

/** The states of all devices, in their order: none where there is no CUDA. */
export function getRngStateAll(): Tensor[] {
  return cudaGenerators().map((generator) => generator.getState());
}

/**
 * Sets the state of a device's default generator.
 * @param state From {@link getRngState}.
 * @param which Default: the current device.
 * @throws TorchError where there is no CUDA, TypeError for another device.
 */
export function setRngState(state: Tensor, which: Which = 'cuda'): void {
  generatorOf('setRngState', which).setState(state);
}

/**
 * Sets the states of all devices.
 * @param states From {@link getRngStateAll}, of as many devices.
 * @throws TorchError where there are fewer devices.
 */
export function setRngStateAll(states: Iterable<Tensor>): void {
  let index = 0;
  for (const state of states) setRngState(state, index++);
}

/** Seeds the current device. Does nothing where there is no CUDA. @param seed An integer of 64 bits. */
export function manualSeed(seed: number | bigint): void {
  const checked = checkSeed('cuda.manualSeed', seed);
  if (native.cudaDeviceCount() > 0) generatorOf('manualSeed', 'cuda').manualSeed(checked);
}

/** Seeds all devices. Does nothing where there is no CUDA. @param seed An integer of 64 bits. */
export function manualSeedAll(seed: number | bigint): void {
  const checked = checkSeed('cuda.manualSeedAll', seed);
  for (const generator of cudaGenerators()) generator.manualSeed(checked);
}

/** Seeds the current device from the system's randomness. Does nothing where there is no CUDA. */
export function seed(): void {
  if (native.cudaDeviceCount() > 0) generatorOf('seed', 'cuda').seed();
}

/** Gives all devices one seed, from the system's randomness. Does nothing where there is no CUDA. */
export function seedAll(): void {
  const [first, ...others] = cudaGenerators();
  if (first === undefined) return;
  const drawn = first.seed();
  for (const generator of others) generator.manualSeed(drawn);
}

/** The seed that the current device's generator started from. @throws TorchError where there is no CUDA. */
export function initialSeed(): number | bigint {
  return generatorOf('initialSeed', 'cuda').initialSeed();
}
