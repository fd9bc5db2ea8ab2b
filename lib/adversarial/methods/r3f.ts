import type { Tensor } from '../../tensor.js';
import { rand, randn } from '../../torch.js';
import { masked, type Slot } from '../slot.js';
import { checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';
import { predict, trainSymmetric } from './regularizer.js';

/** Options of {@link r3f}. */
export interface R3fOptions extends TargetOptions {
  /** The size of the noise: its standard deviation, or half the width of the uniform distribution. Default: 1e-5. */
  noise?: number;
  /** Default: `'normal'`. */
  distribution?: 'normal' | 'uniform';
  /** What the divergence counts beside the loss, λ. Default: 1. */
  weight?: number;
}

/**
 * R3F: trained on L(x) + λ (KL(p(x) ‖ p(x + z)) + KL(p(x + z) ‖ p(x))) under plain noise z; no gradient is needed to find it.
 *
 * R4F is the same with the model's head under spectral normalization, which belongs to the model: wrap the head by
 * `nn.utils.spectralNorm(head)` before training.
 *
 * Aghajanyan et al. (2020), "Better Fine-Tuning by Reducing Representational Collapse", https://arxiv.org/abs/2008.03156,
 * equations 4 to 6.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function r3f(options: R3fOptions): Method {
  const { noise = 1e-5, distribution = 'normal', weight = 1 } = options;
  const targets = targetsOf('r3f', options);
  checkNumbers('r3f', { noise, weight });
  if (distribution !== 'normal' && distribution !== 'uniform')
    throw new RangeError(`r3f(): distribution must be 'normal' or 'uniform', got ${String(distribution)}`);
  const draw = ({ value: { shape, dtype, device } }: Slot): Tensor =>
    distribution === 'normal'
      ? randn(shape, { dtype, device }).mul(noise)
      : rand(shape, { dtype, device }).mul(2).sub(1).mul(noise);
  return {
    name: 'r3f',
    targets: () => targets,
    sharesDropout: false,
    train(pass) {
      const clean = predict(pass);
      const deltas = pass.slots.map((slot) => masked(slot, draw(slot)));
      return trainSymmetric(pass, clean, deltas, weight);
    },
  };
}
