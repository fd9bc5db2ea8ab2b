/** The types as those see them who install the package, under the strictest settings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compile } from '../support/compiler.js';
import { root } from '../support/python.js';

const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

const promises = readdirSync(join(root, 'test', 'types')).filter((file) => file.endsWith('.test-d.ts'));
const directive = /^\s*\/\/ @ts-expect-error/;

describe('what the types promise', () => {
  const strictest = {
    module: 'NodeNext',
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: false,
  };
  const files: Record<string, string> = { 'is.ts': read('test', 'types', 'is.ts') };
  const refused: string[] = [];
  for (const file of promises) {
    const text = read('test', 'types', file);
    files[file] = text;
    // The same without the directives: each line under one is an error, and nothing else.
    const lines = text.split('\n');
    const name = `refused-${file}`;
    files[name] = lines.map((line) => (directive.test(line) ? '' : line)).join('\n');
    lines.forEach((line, i) => {
      if (directive.test(line)) refused.push(`${name}:${i + 2}`);
    });
  }
  files['wrong.ts'] = [
    "import torch, { type Tensor } from 'litorch';",
    "import { is } from './is.js';",
    'declare const anything: any;',
    'declare const x: Tensor;',
    'is<Tensor>()(anything);',
    'is<Tensor>()(x as Tensor | null);',
    'is<Tensor | null>()(x);',
    // What is not public is not declared.
    'x.handle;',
    'torch.tensor([1]).add;',
  ].join('\n');
  const errors = compile({ files, options: strictest });
  const places = errors.map(({ file, line }) => `${file}:${line}`);

  test('holds in a project of users, and its refusals are errors there', () => {
    expect(refused.length).toBeGreaterThan(60);
    const found = places.filter((place) => !place.startsWith('wrong.ts'));
    expect([...new Set(found)].sort()).toEqual([...refused].sort());
  });

  test('is found wrong where it is wrong', () => {
    expect(places.filter((place) => place.startsWith('wrong.ts'))).toEqual([
      'wrong.ts:5',
      'wrong.ts:6',
      'wrong.ts:7',
      'wrong.ts:8',
    ]);
  });
});

describe('programs of users compile', () => {
  const blocks = (file: string): string[] =>
    [...read(file).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const files: Record<string, string> = {};
  blocks('README.md').forEach((code, i) => {
    files[`readme-${i}.ts`] = code;
  });
  files['forum.ts'] = `
import { type Tensor, nn, optim } from 'litorch';
import { withSwappedData } from 'litorch/adversarial';
const F = nn.functional;

class Encoder extends nn.Module {
  readonly embedding = new nn.Embedding(100, 8);
  readonly lstm = new nn.LSTM(8, 16, { batchFirst: true, bidirectional: true });
  readonly start = new nn.Linear(32, 1);
  readonly end = new nn.Linear(32, 1);

  forward(batch: Tensor): [Tensor, Tensor] {
    const [h] = this.lstm(this.embedding(batch));
    return [this.start(h as Tensor).squeeze(-1), this.end(h as Tensor).squeeze(-1)];
  }
}

export class Model {
  readonly network = new Encoder();
  readonly optimizer = new optim.Adamax(this.network.parameters(), { lr: 2e-3 });

  update(batch: Tensor, y: readonly [Tensor, Tensor]): number {
    this.network.train();
    const [start, end] = this.network(batch);
    const loss = F.crossEntropy(start, y[0]).add(F.crossEntropy(end, y[1]));
    const adversarial = this.adversarialLoss(batch, loss, y);
    const total = loss.add(adversarial);
    this.optimizer.zeroGrad();
    total.backward({ retainGraph: false });
    this.optimizer.step();
    return Number(total.item());
  }

  adversarialLoss(batch: Tensor, loss: Tensor, y: readonly [Tensor, Tensor]): Tensor {
    this.optimizer.zeroGrad();
    loss.backward({ retainGraph: true });
    const { weight } = this.network.embedding;
    const grad = weight.grad!.data;
    grad.detach_();
    const perturbed = weight.add(F.normalize(grad, { p: 2, dim: 1 }).mul(5));
    return withSwappedData(weight, perturbed, () => {
      const [start, end] = this.network(batch);
      return F.crossEntropy(start, y[0]).add(F.crossEntropy(end, y[1]));
    });
  }
}
`;

  test('with a bundler’s module resolution', () => {
    expect(Object.keys(files).length).toBeGreaterThan(1);
    expect(
      compile({
        files,
        options: { module: 'ESNext', moduleResolution: 'bundler', noUncheckedIndexedAccess: true },
      }),
    ).toEqual([]);
  });

  test('with Node’s, and exact optional properties', () => {
    expect(compile({ files, options: { module: 'NodeNext', exactOptionalPropertyTypes: true } })).toEqual([]);
  });
});
