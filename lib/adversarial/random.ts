/** The states of the random number generators, so that several passes draw the same dropout masks. */
import type { Device } from '../device.js';
import { defaultGeneratorOf } from '../generator.js';
import { defaultGenerator } from '../random.js';

/** Gives what sets the generators of the CPU and of the device back to where they are now. */
export function rememberRandom(on: Device): () => void {
  const generators = [defaultGenerator];
  if (on.type !== 'cpu') generators.push(defaultGeneratorOf(on));
  const states = generators.map((generator) => generator.getState());
  return () => {
    generators.forEach((generator, i) => {
      const state = states[i];
      if (state !== undefined) generator.setState(state);
    });
  };
}
