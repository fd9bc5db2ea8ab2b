import torch, { type Tensor } from 'litorch';
import type { Sizes } from './model.js';

/** Samples and their classes. */
export interface Samples {
  /** `(count, features)`, float32. */
  readonly x: Tensor;
  /** `(count)`, int64. */
  readonly y: Tensor;
}

/** Points whose class a random linear map decides: the same ones each time. */
export function makeSamples(count: number, { features, classes }: Sizes): Samples {
  const generator = new torch.Generator().manualSeed(7);
  const x = torch.randn([count, features], { generator });
  const y = torch.tidy(() => x.matmul(torch.randn([features, classes], { generator })).argmax(1));
  return { x, y };
}

/** The samples from one to another, a view of the same memory. */
export const slice = ({ x, y }: Samples, from: number, to: number): Samples => ({
  x: x.slice(0, from, to),
  y: y.slice(0, from, to),
});
