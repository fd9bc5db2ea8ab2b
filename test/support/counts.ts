/** How many tensors there are, told so that it does not matter when garbage is collected. */
import torch from '../../lib/index.js';

/**
 * Tensors that were made and freed neither by hand nor by a scope. Unlike `stats().tensors` it does not fall when the
 * collector takes what an earlier test has left.
 */
export function unfreed(): number {
  const { tensors, swept, sweptInScopes } = torch.memory.stats();
  return tensors + swept - sweptInScopes;
}

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
