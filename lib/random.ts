/** The default generators. See https://docs.pytorch.org/docs/2.13/random.html */
import { type DeviceLike, device, deviceLike } from './device.js';
import { checkSeed, cudaGenerators, defaultGeneratorOf, type Generator } from './generator.js';
import { keep } from './memory.js';
import { native } from './native.js';
import { checkOptions } from './options.js';
import { checkCallback, guardOf, type ModeGuard, within } from './scope.js';
import type { Tensor } from './tensor.js';

/** The CPU's default generator, which random operators draw from where they are given none. */
export const defaultGenerator: Generator = defaultGeneratorOf(device('cpu'));

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

/** Options of {@link forkRng}. */
export interface ForkRngOptions {
  /** Accelerators whose states are kept besides the CPU's. Default: all CUDA devices. */
  devices?: readonly (DeviceLike | number)[] | null;
  /** With `false` nothing is done. Default: `true`. */
  enabled?: boolean;
}

/**
 * Puts the states of the default generators back at the end of a scope, as if it had drawn nothing: at the end of the
 * block with `using scope = torch.random.forkRng()`, or once `fn` has run.
 *
 * See https://docs.pytorch.org/docs/2.13/random.html#torch.random.fork_rng
 *
 * @throws TypeError for unknown options, or where `fn` is asynchronous.
 */
export function forkRng(options?: ForkRngOptions): ModeGuard;
export function forkRng<T>(fn: () => T): T;
export function forkRng<T>(options: ForkRngOptions, fn: () => T): T;
export function forkRng<T>(first: ForkRngOptions | (() => T) = {}, second?: () => T): T | ModeGuard {
  const [options, fn] = typeof first === 'function' ? [{}, first] : [first, second];
  checkOptions('forkRng', options, ['devices', 'enabled'], ['enabled']);
  checkCallback('forkRng', fn);
  const generators = (options.enabled ?? true) ? [defaultGenerator, ...acceleratorGenerators(options)] : [];
  const states = generators.map((generator) => keep(generator.getState()));
  const guard = guardOf(() => {
    generators.forEach((generator, i) => {
      const state = states[i] as Tensor;
      generator.setState(state);
      state.dispose();
    });
  });
  return within('forkRng', guard, fn);
}

function acceleratorGenerators({ devices }: ForkRngOptions): Generator[] {
  if (devices !== undefined && devices !== null && !Array.isArray(devices))
    throw new TypeError("forkRng(): option 'devices' must be a list of devices");
  return devices?.map((which) => defaultGeneratorOf(deviceLike(which))) ?? cudaGenerators();
}

export { Generator } from './generator.js';
