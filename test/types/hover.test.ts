/** What an editor shows over a name: the arguments, their defaults, and PyTorch's page. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeProject } from '../support/compiler.js';
import { LanguageServer } from '../support/languageServer.js';

const docs = 'https://docs.pytorch.org/docs/2.13/';

/** Code with the place marked by `^` before a name, the page, and what else is shown. */
const cases: readonly (readonly [code: string, page: string, ...shown: string[]])[] = [
  ['torch.^sum', 'generated/torch.sum.html', 'function sum(input: Tensor', 'bool keepdim=False'],
  ['torch.^sum(x, 1)', 'generated/torch.sum.html', 'keepdim?: boolean', 'bool keepdim=False'],
  ['torch.^add', 'generated/torch.add.html', 'alpha?: ', 'Scalar alpha=1'],
  ['torch.^conv2d', 'generated/torch.nn.functional.conv2d.html', 'stride?: ', 'stride=[1, 1]'],
  ['torch.^topk(x, 2)', 'generated/torch.topk.html', 'largest?: boolean', 'largest=True', 'indices: Tensor'],
  ['torch.^var', 'generated/torch.var.html', 'unbiased?: boolean', 'unbiased=True'],
  ['torch.^zeros', 'generated/torch.zeros.html', 'requiresGrad?: boolean', 'dtype=None'],
  ['torch.^randn(2, 3)', 'generated/torch.randn.html', '...size: '],
  ['torch.^arange(3)', 'generated/torch.arange.html', 'end: '],
  ['torch.^cat([x])', 'generated/torch.cat.html', 'tensors: readonly Tensor[]', 'int dim=0'],
  ['torch.^abs_', 'generated/torch.Tensor.abs_.html', 'input: Tensor'],
  ['torch.^tensor', 'generated/torch.tensor.html', 'data: ', 'options?: '],
  ['torch.^einsum', 'generated/torch.einsum.html', 'equation: string'],
  ['torch.^norm', 'generated/torch.norm.html', "p = 'fro'", 'keepdim = false'],
  ['torch.^cdist', 'generated/torch.cdist.html', 'p = 2'],
  [
    'torch.linalg.^svd',
    'generated/torch.linalg.svd.html',
    'fullMatrices?: boolean',
    'full_matrices=True',
    "'gesvdj'",
  ],
  ['torch.fft.^fft', 'generated/torch.fft.fft.html', "'ortho'", 'dim=-1'],
  ['torch.special.^logit', 'special.html#torch.special.logit', 'eps?: ', 'eps=None'],
  ['x.^view', 'generated/torch.Tensor.view.html', 'size: '],
  ['x.^view(2, -1)', 'generated/torch.Tensor.view.html', '...size: '],
  ['x.^max(1)', 'generated/torch.Tensor.max.html', 'keepdim?: boolean', 'keepdim=False', 'indices: Tensor'],
  ['x.^add_(1)', 'generated/torch.Tensor.add_.html', 'alpha?: ', 'alpha=1'],
  ['x.^backward', 'generated/torch.Tensor.backward.html', 'options?: '],
  ['x.^to', 'generated/torch.Tensor.to.html', 'dtype'],
  [
    'F.^crossEntropy',
    'generated/torch.nn.functional.cross_entropy.html',
    'ignoreIndex = -100',
    "reduction = 'mean'",
  ],
  ['F.^softmax(x, 1)', 'generated/torch.nn.functional.softmax.html', 'dim = null', 'dtype = null'],
  ['F.^dropout', 'generated/torch.nn.functional.dropout.html', 'p = 0.5', 'training = true'],
  ['F.^maxPool2d', 'generated/torch.nn.functional.max_pool2d.html', 'kernelSize', 'ceilMode = false'],
  ['F.^conv2d', 'generated/torch.nn.functional.conv2d.html', 'stride = 1', 'groups = 1'],
  ['F.^linear', 'generated/torch.nn.functional.linear.html', 'bias?: ', 'bias=None'],
  ['nn.^LSTM', 'generated/torch.nn.LSTM.html', 'numLayers = 1', 'bidirectional = false'],
  ['nn.^Linear', 'generated/torch.nn.Linear.html', 'inFeatures', 'bias = true'],
  ['nn.^Embedding', 'generated/torch.nn.Embedding.html', 'paddingIdx = null'],
  ['optim.^AdamW', 'generated/torch.optim.AdamW.html', 'lr = 0.001', 'weightDecay = 0.01'],
  ['optim.lrScheduler.^StepLR', 'generated/torch.optim.lr_scheduler.StepLR.html', 'gamma = 0.1'],
  ['torch.autograd.^grad', 'generated/torch.autograd.grad.html', 'outputs: ', 'options'],
  ['torch.^sparseCooTensor', 'generated/torch.sparse_coo_tensor.html', 'indices: '],
];

describe('over a name an editor shows', () => {
  const folder = writeProject({ files: {}, options: { module: 'NodeNext' } });
  const server = new LanguageServer(folder);
  const before = [
    "import torch, { nn, optim, type Tensor } from 'litorch';",
    'declare const x: Tensor;',
    'const F = nn.functional;',
  ];
  let uri = '';

  beforeAll(async () => {
    await server.start(folder);
    const lines = cases.map(([code]) => `void ${code.replace('^', '')};`);
    uri = server.open(join(folder, 'user.ts'), [...before, ...lines].join('\n'));
  });
  afterAll(() => server.stop());

  test.each(cases.map((each, i) => [each[0], i] as const))('%s', async (code, i) => {
    const [, page, ...shown] = cases[i] as (typeof cases)[number];
    const text = await server.hover(uri, before.length + i, code.indexOf('^') + 'void '.length);
    // Lines of code and of lists are wrapped.
    const flat = text.replace(/\s+/g, ' ');
    expect(flat).toContain(docs + page);
    for (const part of shown) expect(flat).toContain(part);
    // No wall of text.
    expect(text.split('\n').length).toBeLessThan(60);
  });

  test('nothing over what is not there', async () => {
    const file = server.open(join(folder, 'other.ts'), "import torch from 'litorch';\ntorch.crossEntropy;\n");
    expect(await server.hover(file, 1, 8)).not.toContain(docs);
  });
});
