/** Steps of training one model, as a contender. Arguments: the model's name, threads. Its twin is work.py. */
import torch from 'litorch';
import { serve } from '../contender.js';
import { prepare } from './models.js';

const [name = '', threads = '1'] = process.argv.slice(2);
torch.setNumThreads(Number(threads));
const step = prepare(name);

await serve((count) => {
  const losses: torch.Tensor[] = [];
  for (let i = 0; i < count; i++) losses.push(step());
  return () => losses.map((loss) => new Uint32Array(loss.toTypedArray().buffer)[0]).join(' ');
});
