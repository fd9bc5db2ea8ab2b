/** The event loop's longest stall, in milliseconds, while a product and a backward of about two seconds run. */
import { openSync, readSync } from 'node:fs';
import torch, { type Tensor } from '../../lib/index.js';

/**
 * What this thread has waited for a processor, in milliseconds, which is no stall of the event loop's own: on Linux, the
 * second figure of its statistics; 0 elsewhere, where stalls are then as long as the machine is busy.
 */
const waited: () => number = (() => {
  const text = Buffer.alloc(128);
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
    return () => Number(text.toString('latin1', 0, readSync(file, text, 0, 128, 0)).split(' ')[1]) / 1e6;
  } catch {
    return () => 0;
  }
})();

/** The size of matrices whose product takes two seconds here. */
function size(): number {
  const x = torch.ones([768, 768]);
  let seconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    x.matmul(x);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return Math.min(5000, Math.round(768 * Math.cbrt(2 / seconds)));
}

export interface Stall {
  longest: number;
  seconds: number;
  turns: number;
}

async function stall(run: () => Promise<unknown>): Promise<Stall> {
  let last = performance.now();
  let lastWaited = waited();
  let longest = 0;
  let turns = 0;
  const timer = setInterval(() => {
    const [now, nowWaited] = [performance.now(), waited()];
    longest = Math.max(longest, now - last - (nowWaited - lastWaited));
    [last, lastWaited] = [now, nowWaited];
    turns++;
  }, 1);
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  // What is still due counts, too.
  await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(timer);
  return { longest, seconds, turns };
}

const n = size();
const x = torch.rand([n, n]);
const weight = torch.rand([n, n], { requiresGrad: true });
let product: Tensor | undefined;
const matmul = await stall(async () => {
  product = await torch.runAsync(torch.matmul, x, weight);
});
const loss = (product as Tensor).sum();
const backward = await stall(() => loss.backwardAsync());
console.log(JSON.stringify({ matmul, backward }));
