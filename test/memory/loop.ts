/** Makes garbage in one synchronous loop and prints the memory used: `node loop.js KIND STEPS`. */
import torch from '../../lib/index.js';

const kinds: Record<string, () => () => void> = {
  /** Small tensors: what is felt is objects, slots and references. */
  small: () => {
    const x = torch.ones([4]);
    return () => {
      x.add(1).mul(2);
    };
  },
  /** 4 MiB each: a single one that is forgotten shows. */
  large: () => {
    const x = torch.ones([1 << 20]);
    return () => {
      x.add(1);
    };
  },
  /** Into a tensor that is empty until the operator makes room in it. */
  out: () => {
    const x = torch.ones([1 << 20]);
    return () => {
      torch.add(x, x, { out: torch.empty([0]) });
    };
  },
  /** Graphs and gradients. */
  backward: () => {
    const weight = torch.randn([64, 64], { requiresGrad: true });
    const x = torch.randn([16, 64]);
    return () => {
      x.matmul(weight).relu().sum().backward();
      weight.grad = null;
    };
  },
  /** Views that share one storage. */
  views: () => {
    const x = torch.ones([1 << 20]);
    return () => {
      x.add(1).view(1024, 1024).select(0, 1);
    };
  },
  /** Errors, some of them after the operator has begun. */
  errors: () => {
    const x = torch.ones([300, 300]);
    return () => {
      try {
        x.add(1).add(torch.ones([7]));
      } catch {
        return;
      }
      throw new Error('this must not be possible');
    };
  },
  /** Data from JavaScript and back. */
  data: () => () => {
    const x = torch.tensor([...Array(64).keys()]);
    torch
      .fromTypedArray(new Float32Array(1 << 16))
      .add(1)
      .toTypedArray();
    x.tolist();
  },
};

const [kind, steps] = process.argv.slice(2) as [string, string];
const step = (kinds[kind] as () => () => void)();
const count = Number(steps);
const samples: number[] = [];
for (let i = 0; i < count; i++) {
  step();
  if ((i + 1) % Math.floor(count / 20) === 0) samples.push(process.memoryUsage.rss());
}
const stats = torch.memory.stats();
console.log(JSON.stringify({ samples, stats }));
