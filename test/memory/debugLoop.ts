/** Makes and frees tensors while `torch.memory.debug` is on, and prints the memory used after a half and at the end. */
import torch from '../../lib/index.js';

torch.memory.debug = true;
const x = torch.ones([4]);
const steps = Number(process.argv[2]);
const samples: number[] = [];
for (let i = 1; i <= steps; i++) {
  x.add(1).dispose();
  if (i % (steps / 2) === 0) samples.push(process.memoryUsage.rss());
}
console.log(JSON.stringify(samples));
