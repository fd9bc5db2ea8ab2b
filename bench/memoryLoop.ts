/**
 * A synchronous loop without any scope, which tells its resident memory after each tenth. Argument: which loop.
 * A garbage-collected heap breathes, so each figure is the most of several readings around its mark.
 */
import torch from 'litorch';
import { Model } from '../examples/adversarial-qa/model.js';
import { Network } from '../examples/adversarial-qa/network.js';

interface Loop {
  readonly rounds: number;
  /** Makes the state and gives the body of one round. */
  prepare(): () => void;
}

const loops: Record<string, Loop> = {
  small: {
    rounds: 1_000_000,
    prepare() {
      const a = torch.ones(8);
      const b = torch.ones(8);
      return () => void a.add(b);
    },
  },
  large: {
    rounds: 5_000,
    prepare() {
      const a = torch.ones([1024, 1024]);
      return () => void a.add(1);
    },
  },
  training: {
    rounds: 2_000,
    prepare() {
      const vocabSize = 200;
      const model = new Model(new Network({ vocabSize, embeddingDim: 16, hiddenSize: 8 }));
      return () => {
        const batch = {
          context: torch.randint(1, vocabSize, [4, 20]),
          question: torch.randint(1, vocabSize, [4, 6]),
          contextPadding: torch.zeros([4, 20], { dtype: torch.bool }),
          questionPadding: torch.zeros([4, 6], { dtype: torch.bool }),
          features: torch.rand([4, 20, 6]),
          starts: torch.randint(0, 10, [4]),
          ends: torch.randint(10, 20, [4]),
        };
        model.update(batch);
      };
    },
  },
};

const loop = loops[process.argv[2] ?? ''];
if (loop === undefined) throw new Error(`expected one of ${Object.keys(loops).join(', ')}`);
torch.setNumThreads(1);
const body = loop.prepare();
const tenth = loop.rounds / 10;
const resident: number[] = [];
for (let mark = 0; mark < 10; mark++) {
  let most = 0;
  for (let i = 0; i < tenth; i++) {
    body();
    if (i % Math.max(1, Math.floor(tenth / 50)) === 0) most = Math.max(most, process.memoryUsage.rss());
  }
  resident.push(most);
}
process.stdout.write(`${JSON.stringify({ resident, stats: torch.memory.stats() })}\n`);
