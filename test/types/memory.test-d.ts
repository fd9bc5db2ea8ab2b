/** Types of scopes and of `torch.memory`. */
import torch, { type LiveTensor, type MemoryStats, type Tensor } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;

export function scopes(): void {
  is<Tensor>()(torch.tidy(() => x.add(1)));
  is<{ a: Tensor[] }>()(torch.tidy(() => ({ a: [x] })));
  is<Tensor>()(torch.keep(x));
  is<Promise<Tensor>>()(torch.tidyAsync(async () => x));
  is<Promise<number>>()(torch.tidyAsync(() => 3));
  is<Promise<Tensor>>()(torch.tidyAsync(() => torch.runAsync(torch.matmul, x, x)));
  is<Generator<Tensor, string, number>>()(
    torch.tidy(function* (): Generator<Tensor, string, number> {
      yield x.add(yield x);
      return 'end';
    }),
  );
  // @ts-expect-error No function.
  torch.tidyAsync(x);
  // @ts-expect-error No tensor.
  torch.keep(3);
}

export function figures(): void {
  const { memory } = torch;
  is<MemoryStats>()(memory.stats());
  is<number | undefined>()(memory.stats().devices['cuda:0']?.peakBytes);
  is<number>()(memory.collect());
  is<LiveTensor[]>()(memory.live());
  memory.debug = true;
  // @ts-expect-error Not a boolean.
  memory.debug = 'on';
}
