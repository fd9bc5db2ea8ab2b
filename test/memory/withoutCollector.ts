/** A loop that makes garbage where the collector cannot be called: prints the most that was held, in MiB. */
import torch from '../../lib/index.js';
import { native } from '../../lib/native.js';

native.setCollector(() => {
  throw new Error('there is no collector here');
});
const x = torch.zeros([1 << 20]);
for (let i = 0; i < 500; i++) x.add(1);
console.log(Math.round(torch.memory.stats().peakBytes / 2 ** 20));
