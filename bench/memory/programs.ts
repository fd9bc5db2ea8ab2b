/**
 * The programs whose memory is measured, each beside its twin in programs.py: the same shapes, the same rounds. They are
 * plain code; with `scopes`, what a round drops is freed at once: the runner wraps each round in `torch.tidy`, and a
 * program keeps and disposes of what outlives a round.
 */
import torch, { nn, optim, type Tensor } from 'litorch';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { LanguageModel, TransformerBlock } from './models.js';

export interface Program {
  /**
   * Rounds until memory is read for the first time: some full collections, where the program leads to any, since a
   * garbage-collected heap breathes. Ten times as many until it is read for the second.
   */
  readonly rounds: number;
  /** Makes what lasts, and gives the body of one round. */
  prepare(scopes: Scopes): () => void;
}

/** What a program with scopes does with a tensor that outlives its round; in plain code both do nothing. */
export interface Scopes {
  keep(tensor: Tensor): Tensor;
  drop(tensor: Tensor | undefined): void;
}

const { functional: F } = nn;

export const programs: Record<string, Program> = {
  'small operators': {
    rounds: 20_000,
    prepare() {
      const a = torch.ones(8);
      const b = torch.ones(8);
      return () => void a.add(b).mul(2);
    },
  },
  '4 MiB operators': {
    rounds: 150,
    prepare() {
      const x = torch.ones([1024, 1024]);
      return () => void x.add(1).mul(2);
    },
  },
  '64 MiB operators': {
    rounds: 8,
    prepare() {
      const x = torch.ones([4096, 4096]);
      return () => void x.add(1).mul(2);
    },
  },
  'forum step': {
    rounds: 4,
    prepare() {
      const vocabSize = 5000;
      const model = new Model(new Network({ vocabSize, embeddingDim: 50, hiddenSize: 32 }));
      return () => {
        const batch = {
          context: torch.randint(1, vocabSize, [16, 60]),
          question: torch.randint(1, vocabSize, [16, 12]),
          contextPadding: torch.zeros([16, 60], { dtype: torch.bool }),
          questionPadding: torch.zeros([16, 12], { dtype: torch.bool }),
          features: torch.rand([16, 60, 6]),
          starts: torch.randint(0, 30, [16]),
          ends: torch.randint(30, 60, [16]),
        };
        model.update(batch);
      };
    },
  },
  'LSTM language model': {
    rounds: 8,
    prepare() {
      const vocabSize = 2000;
      const model = new LanguageModel(vocabSize);
      const optimizer = new optim.Adam(model.parameters());
      return () => {
        const tokens = torch.randint(0, vocabSize, [16, 33]);
        optimizer.zeroGrad();
        const logits = model(tokens.narrow(1, 0, 32));
        const targets = tokens.narrow(1, 1, 32).reshape(-1);
        F.crossEntropy(logits.reshape(-1, vocabSize), targets).backward();
        optimizer.step();
      };
    },
  },
  'transformer block': {
    rounds: 8,
    prepare() {
      const block = new TransformerBlock(128, 4);
      const optimizer = new optim.SGD(block.parameters(), { lr: 0.01 });
      return () => {
        const x = torch.randn([8, 64, 128]);
        optimizer.zeroGrad();
        block(x).pow(2).mean().backward();
        optimizer.step();
      };
    },
  },
  'throw and catch': {
    rounds: 1500,
    prepare() {
      const x = torch.ones([256, 256]);
      const other = torch.ones([7]);
      return () => {
        try {
          x.add(1).mul(x).add(other);
        } catch {
          return;
        }
        throw new Error('the shapes do not fit: it must throw');
      };
    },
  },
  closures: {
    rounds: 1500,
    prepare({ keep, drop }) {
      const x = torch.ones([256, 256]);
      const calls: { sum: () => Tensor; end: () => void }[] = [];
      return () => {
        const captured = keep(x.add(1));
        calls.push({ sum: () => captured.sum(), end: () => drop(captured) });
        if (calls.length > 32) calls.shift()?.end();
        calls[0]?.sum();
      };
    },
  },
  arrays: {
    rounds: 1500,
    prepare({ keep, drop }) {
      const x = torch.ones([256, 256]);
      const rows: Tensor[][] = [];
      return () => {
        rows.push([keep(x.add(1)), keep(x.mul(2))]);
        if (rows.length > 16) rows.shift()?.forEach(drop);
        rows[0]?.[0]?.add(1);
      };
    },
  },
  Maps: {
    rounds: 1500,
    prepare({ keep, drop }) {
      const x = torch.ones([256, 256]);
      const byName = new Map<string, Tensor>();
      const byTensor = new Map<Tensor, string>();
      let count = 0;
      return () => {
        const name = `tensor ${count % 16}`;
        const former = byName.get(name);
        if (former !== undefined) byTensor.delete(former);
        drop(former);
        const value = keep(x.add(1));
        byName.set(name, value);
        byTensor.set(value, name);
        value.mul(2);
        count++;
      };
    },
  },
  cycles: {
    rounds: 1500,
    prepare({ keep, drop }) {
      interface Link {
        tensor: Tensor;
        other?: Link;
      }
      const x = torch.ones([256, 256]);
      return () => {
        const one: Link = { tensor: keep(x.add(1)) };
        const two: Link = { tensor: keep(x.mul(2)), other: one };
        one.other = two;
        for (const { tensor } of [one, two]) drop(tensor);
      };
    },
  },
  views: {
    rounds: 100,
    prepare({ keep, drop }) {
      const x = torch.ones([1024, 1024]);
      const views: Tensor[] = [];
      return () => {
        views.push(keep(x.add(1).select(0, 1)));
        if (views.length > 8) drop(views.shift());
        views[0]?.sum();
      };
    },
  },
  'graphs held': {
    rounds: 15,
    prepare({ keep, drop }) {
      const weight = torch.randn([256, 256]).div(16).requiresGrad_();
      const losses: Tensor[] = [];
      return () => {
        let h = torch.randn([256, 256]);
        for (let layer = 0; layer < 10; layer++) h = h.matmul(weight).relu();
        losses.push(keep(h.sum()));
        if (losses.length <= 4) return;
        const oldest = losses.shift();
        oldest?.backward();
        drop(oldest);
        weight.grad = null;
      };
    },
  },
  /** What each worker does; see workers.ts. */
  '10 workers': {
    rounds: 40,
    prepare() {
      const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
      return () => {
        const x = torch.randn([64, 784]);
        const targets = torch.randint(0, 10, [64]);
        optimizer.zeroGrad();
        F.crossEntropy(model(x), targets).backward();
        optimizer.step();
      };
    },
  },
};
