/** How many tensors there are, told so that it does not matter when garbage is collected. */
import torch from '../../lib/index.js';
import { countMade as unfreed } from '../../lib/jest/expectNoLeaks.js';

// Unlike `stats().tensors` it does not fall when the collector takes what an earlier test has left.
export { unfreed };

/** As {@link unfreed}, right after a collection, so that no other falls due while a test counts. */
export function settled(): number {
  torch.memory.collect();
  return unfreed();
}

/** Tensors that something refers to. */
export function referenced(): number {
  torch.memory.collect();
  return torch.memory.stats().tensors;
}
