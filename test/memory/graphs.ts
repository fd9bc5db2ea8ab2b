/** Makes graphs and drops them, in one synchronous loop, and prints the memory used: `node graphs.js KIND STEPS`. */
import torch, { nn, type Tensor } from '../../lib/index.js';

const x = torch.randn([1024, 1024], { requiresGrad: true });
const lstm = new nn.LSTM(64, 128);
const sequence = torch.randn([100, 16, 64]);
const held: Tensor[] = [];

/** A number without dimensions that holds 16 MiB. */
function heavy(): Tensor {
  return torch.tidy(() => x.sigmoid().tanh().exp().sigmoid().sum());
}

const kinds: Record<string, () => void> = {
  tidy: () => void heavy(),
  /** Freed by hand, but for the loss. */
  dispose: () => {
    using a = x.sigmoid();
    using b = a.tanh();
    using c = b.exp();
    using d = c.sigmoid();
    d.sum();
  },
  /** One operator that saves far more than it gives. */
  lstm: () => {
    torch.tidy(() => lstm(sequence)[0].sum());
  },
  /** Kept by what the collector alone can see. */
  cycle: () => {
    const holder: { loss: Tensor; self?: unknown } = { loss: heavy() };
    holder.self = holder;
  },
  held: () => void held.push(heavy()),
};

const [kind, steps] = process.argv.slice(2) as [string, string];
const step = kinds[kind] as () => void;
const samples: number[] = [];
for (let i = 0; i < Number(steps); i++) {
  step();
  samples.push(process.memoryUsage.rss());
}
for (const loss of held) loss.backward();
console.log(JSON.stringify({ samples, kept: held.filter((loss) => !loss.disposed).length }));
