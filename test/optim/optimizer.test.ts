/** What every optimizer has: groups, checks, gradients to zero, hooks, closures, the printed form. */
import { inspect } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';

const { SGD, Adam, AdamW, Adamax } = optim;
const all = { SGD, Adam, AdamW, Adamax };

const parameter = (...shape: number[]): Tensor => torch.ones(shape, { requiresGrad: true });

/** Calls with values that the types forbid. */
// biome-ignore lint/suspicious/noExplicitAny: such calls are what is tested.
const make = (name: keyof typeof all, params: unknown, ...options: unknown[]): any =>
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  new (all[name] as any)(params, ...options);

describe('what is refused', () => {
  const p = parameter(2);
  const nonLeaf = p.mul(2);
  const lr2 = torch.tensor([0.1, 0.1]);
  type Row = [name: keyof typeof all, params: unknown, options: unknown, message: string];
  const forAll = (['SGD', 'Adam', 'AdamW', 'Adamax'] as const).flatMap((name): Row[] => [
    [name, [], {}, 'optimizer got an empty parameter list'],
    [
      name,
      p,
      {},
      'params argument given to the optimizer should be an iterable of Tensors or dicts, but got Tensor',
    ],
    [
      name,
      null,
      {},
      'params argument given to the optimizer should be an iterable of Tensors or dicts, but got null',
    ],
    [name, 3, {}, 'should be an iterable of Tensors or dicts, but got number'],
    [name, new nn.Linear(1, 1), {}, 'should be an iterable of Tensors or dicts, but got Linear'],
    [name, [1], {}, 'optimizer can only optimize Tensors, but one of the params is number'],
    [name, [p, null], {}, 'optimizer can only optimize Tensors, but one of the params is null'],
    [name, [nonLeaf], {}, "can't optimize a non-leaf Tensor"],
    [name, [{ params: p }, { params: p }], {}, 'some parameters appear in more than one parameter group'],
    [name, [{ params: p }, p], {}, 'param_group must be a dict, but got Tensor'],
    [name, [{ lr: 1 }], {}, "a param group's params should be an iterable of Tensors, but got undefined"],
    [name, [['weight', p], parameter(1)], {}, 'Some param names are missing'],
    [
      name,
      [{ params: [p] }, { params: [['weight', parameter(1)]] }],
      {},
      'all optimizer param groups should be with/without names. cannot add param group with names to the optimizer',
    ],
    [
      name,
      [{ params: p, weight_decay: 1 }],
      {},
      "param group option 'weight_decay' is spelled 'weightDecay' here",
    ],
    [name, [p], { lr: -1 }, 'Invalid learning rate: -1'],
    [name, [p], { lr: torch.tensor(-1) }, 'Invalid learning rate: -1'],
    [name, [p], { lr: lr2 }, 'Tensor lr must be 1-element'],
    [name, [p], { lr: '1' }, 'lr must be a number or a Tensor, but got string'],
    [name, [p], { weightDecay: -0.5 }, 'Invalid weight_decay value: -0.5'],
    [name, [p], { weightDecay: 'x' }, 'weightDecay must be a number'],
    [name, [p], { weight_decay: 1 }, "unknown option 'weight_decay'"],
    [name, [p], { learningRate: 1 }, "unknown option 'learningRate'"],
    [name, [p], { differentiable: true }, 'differentiable is not supported'],
  ]);
  const adams = (['Adam', 'AdamW', 'Adamax'] as const).flatMap((name): Row[] => [
    [name, [p], { lr: Number.NaN }, 'Invalid learning rate: NaN'],
    [name, [p], { eps: -1 }, 'Invalid epsilon value: -1'],
    [name, [p], { betas: [1, 0] }, 'Invalid beta parameter at index 0: 1'],
    [name, [p], { betas: [0, 1] }, 'Invalid beta parameter at index 1: 1'],
    [name, [p], { betas: [0.9] }, 'betas must be a pair of numbers'],
    [name, [p], { betas: [0.9, torch.tensor(0.9)] }, 'betas[1] must be a number'],
    [name, [p], { capturable: true }, 'capturable is not supported'],
  ]);
  const others: Row[] = [
    ['SGD', [p], { momentum: -0.5 }, 'Invalid momentum value: -0.5'],
    ['SGD', [p], { nesterov: true }, 'Nesterov momentum requires a momentum and zero dampening'],
    [
      'SGD',
      [p],
      { nesterov: true, momentum: 0.9, dampening: 0.1 },
      'Nesterov momentum requires a momentum and zero dampening',
    ],
    ['SGD', [p], { fused: true, foreach: true }, '`fused` and `foreach` cannot be `True` together.'],
    ['Adam', [p], { fused: true, foreach: true }, '`fused` and `foreach` cannot be `True` together.'],
    [
      'Adam',
      [p],
      { lr: torch.tensor(0.1), foreach: true },
      'lr as a Tensor is not supported for capturable=False and foreach=True',
    ],
    ['AdamW', [p], { decoupledWeightDecay: false }, "unknown option 'decoupledWeightDecay'"],
  ];
  test.each([...forAll, ...adams, ...others])('%s(%p, %p): %s', (name, params, options, message) => {
    expect(() => make(name, params, options)).toThrow(message);
  });

  test('a parameter twice in a group is warned of', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      new SGD([p, p]);
      expect(warn.mock.calls[0]?.[0]).toContain('a parameter group with duplicate parameters');
    } finally {
      warn.mockRestore();
    }
  });

  test.each([
    ['Adam', 'Adam does not support sparse gradients, please consider SparseAdam instead'],
    ['AdamW', 'Adam does not support sparse gradients, please consider SparseAdam instead'],
    ['Adamax', 'Adamax does not support sparse gradients'],
  ] as const)('%s: sparse gradients', (name, message) => {
    const dense = parameter(3, 2);
    dense.grad = torch.ones([3, 2]).toSparse();
    expect(() => make(name, [dense]).step()).toThrow(message);
  });

  test('fused: parameters that the kernels have no form for', () => {
    const complex = torch.ones([2], { dtype: torch.complex64, requiresGrad: true });
    complex.grad = torch.ones([2], { dtype: torch.complex64 });
    const message = '`fused=True` requires all the params to be floating point Tensors of supported devices';
    expect(() => new SGD([complex], { fused: true }).step()).toThrow(message);
    expect(() => new Adam([complex], { fused: true }).step()).toThrow(message);
  });
});

describe('groups', () => {
  test('take what they leave out from the options', () => {
    const [a, b] = [parameter(1), parameter(2)];
    const optimizer = new Adam([{ params: a }, { params: [b], lr: 0.5, betas: [0.5, 0.6] }], {
      lr: 0.1,
      weightDecay: 0.2,
    });
    expect(optimizer.paramGroups.map(({ lr, betas, weightDecay }) => ({ lr, betas, weightDecay }))).toEqual([
      { lr: 0.1, betas: [0.9, 0.999], weightDecay: 0.2 },
      { lr: 0.5, betas: [0.5, 0.6], weightDecay: 0.2 },
    ]);
    expect(optimizer.paramGroups[1]?.params[0]).toBe(b);
    optimizer.addParamGroup({ params: parameter(3), eps: 1 });
    expect(optimizer.paramGroups).toHaveLength(3);
    expect(optimizer.paramGroups[2]?.eps).toBe(1);
  });

  test('take options by position, in PyTorch’s order', () => {
    const sgd = new SGD([parameter(1)], 0.1, 0.9, { nesterov: true });
    expect(sgd.paramGroups[0]).toMatchObject({ lr: 0.1, momentum: 0.9, nesterov: true, dampening: 0 });
    expect(new AdamW([parameter(1)], 0.3).paramGroups[0]).toMatchObject({ lr: 0.3, weightDecay: 0.01 });
  });

  test('take the parameters of a module, with and without names', () => {
    const layer = new nn.Linear(2, 3);
    const params = new SGD(layer.parameters(), { lr: 1 }).paramGroups[0]?.params ?? [];
    expect(params.length).toBe(2);
    expect(params[0]).toBe(layer.weight);
    expect(params[1]).toBe(layer.bias);
    const named = new SGD(layer.namedParameters(), { lr: 1 });
    expect(named.paramGroups[0]?.paramNames).toEqual(['weight', 'bias']);
    expect(named.stateDict().param_groups[0]?.param_names).toEqual(['weight', 'bias']);
  });

  test('a changed option counts from the next step', () => {
    const p = parameter(1);
    const optimizer = new SGD([p], { lr: 1 });
    p.grad = torch.ones([1]);
    optimizer.step();
    optimizer.paramGroups[0]!.lr = 0.25;
    optimizer.step();
    expect(p.item()).toBe(-0.25);
  });

  test('a non-leaf that retains its gradient may be optimized', () => {
    const p = parameter(1).mul(2);
    p.retainGrad();
    expect(() => new SGD([p])).not.toThrow();
  });
});

describe('zeroGrad', () => {
  test('drops gradients, or makes zeros of them', () => {
    for (const foreach of [false, true]) {
      const p = parameter(2);
      const optimizer = new SGD([p, parameter(1)], { foreach });
      p.mul(2).sum().backward({ createGraph: true });
      const { grad } = p;
      optimizer.zeroGrad({ setToNone: false });
      expect(p.grad).toBe(grad);
      expect(p.grad?.tolist()).toEqual([0, 0]);
      expect(p.grad?.requiresGrad).toBe(false);
      optimizer.zeroGrad();
      expect(p.grad).toBeNull();
    }
  });
});

describe('step', () => {
  test('runs the closure with gradients and returns its loss', () => {
    for (const optimizer of [SGD, Adam, AdamW, Adamax]) {
      const p = parameter(3);
      const loss = new optimizer([p]).step(() => {
        expect(torch.isGradEnabled()).toBe(true);
        const sum = p.pow(2).sum();
        sum.backward();
        return sum;
      });
      expect(loss.item()).toBe(3);
      expect(p.requiresGrad).toBe(true);
    }
  });

  test('without gradients does nothing', () => {
    for (const foreach of [false, true]) {
      const p = parameter(3);
      const optimizer = new Adam([p], { foreach });
      expect(optimizer.step()).toBeUndefined();
      expect(optimizer.state.size).toBe(0);
    }
  });

  test.each([
    ['SGD', { momentum: 0.9, nesterov: true, weightDecay: 0.1, maximize: true }],
    ['Adam', { weightDecay: 0.1, amsgrad: true, maximize: true }],
    ['AdamW', { lr: torch.tensor(0.1) }],
    ['Adamax', { weightDecay: 0.1, maximize: true }],
  ] as const)('%s leaves no garbage', (name, options) => {
    for (const form of [{ foreach: false }, { foreach: true }, { fused: true }]) {
      if ('fused' in form ? name === 'Adamax' : form.foreach && name === 'AdamW') continue;
      const params = [parameter(4), parameter(2, 3)];
      for (const p of params) p.grad = torch.ones(p.shape);
      const optimizer = make(name, params, { ...options, ...form });
      optimizer.step();
      // Objects that nobody holds, those of the gradients among them, are gone after this.
      torch.memory.collect();
      const { tensors, bytes } = torch.memory.stats();
      for (let i = 0; i < 5; i++) optimizer.step();
      expect(torch.memory.stats()).toMatchObject({ tensors, bytes });
    }
  });

  test('lets gradients go that nobody holds, so that zeroGrad frees them at once', () => {
    for (const options of [{ foreach: false }, { foreach: true }, { fused: true }]) {
      const [held, free] = [parameter(1000), parameter(1000)];
      const optimizer = new Adam([held, free], options);
      const backward = (): void => torch.tidy(() => held.add(free).sum().backward());
      backward();
      optimizer.step();
      optimizer.zeroGrad();
      torch.memory.collect();
      const { bytes } = torch.memory.stats();
      backward();
      const grad = held.grad;
      optimizer.step();
      expect(held.grad).toBe(grad);
      expect(torch.tidy(() => free.grad?.sum().item())).toBe(1000);
      optimizer.zeroGrad();
      expect(grad?.disposed).toBe(false);
      grad?.dispose();
      expect(torch.memory.stats().bytes).toBe(bytes);
    }
  });

  test('state made inside a tidy scope outlives it', () => {
    const p = parameter(2);
    const optimizer = new Adam([p]);
    p.grad = torch.ones([2]);
    torch.tidy(() => {
      optimizer.step();
    });
    optimizer.step();
    expect(optimizer.state.get(p)?.step.item()).toBe(2);
    expect(optimizer.state.get(p)?.expAvg.disposed).toBe(false);
  });
});

describe('hooks', () => {
  test('run around step, the general ones outside', () => {
    const order: string[] = [];
    const p = parameter(1);
    const optimizer = new AdamW([p]);
    const handles = [
      optim.registerOptimizerStepPreHook(() => void order.push('general before')),
      optim.registerOptimizerStepPostHook(() => void order.push('general after')),
      optimizer.registerStepPreHook((self) => {
        expect(self).toBe(optimizer);
        order.push('before');
      }),
      optimizer.registerStepPostHook(() => void order.push('after')),
    ];
    optimizer.step(() => order.push('closure'));
    expect(order).toEqual(['general before', 'before', 'closure', 'after', 'general after']);
    for (const handle of handles) handle.remove();
    optimizer.step();
    expect(order).toHaveLength(5);
  });

  test('may give other arguments', () => {
    const optimizer = new SGD([parameter(1)]);
    optimizer.registerStepPreHook(() => [() => 'theirs']);
    expect(optimizer.step(() => 'mine')).toBe('theirs');
  });

  test('see and change state dicts', () => {
    const optimizer = new SGD([parameter(1)], { lr: 0.5 });
    const seen: string[] = [];
    optimizer.registerStateDictPreHook(() => void seen.push('save'));
    optimizer.registerStateDictPostHook((_, dict) => ({ ...dict, state: { 7: { extra: 1 } } }));
    optimizer.registerLoadStateDictPreHook((_, dict) => {
      dict.param_groups[0]!.lr = 0.25;
    });
    optimizer.registerLoadStateDictPostHook(() => void seen.push('loaded'));
    optimizer.registerLoadStateDictPostHook(() => void seen.push('first'), { prepend: true });
    const dict = optimizer.stateDict();
    optimizer.loadStateDict(dict);
    expect(seen).toEqual(['save', 'first', 'loaded']);
    expect(optimizer.paramGroups[0]?.lr).toBe(0.25);
    // State that belongs to no parameter is kept.
    expect(optimizer.stateDict().state[7]).toEqual({ extra: 1 });
  });

  test('run around the step of a class of one’s own', () => {
    class Sign extends optim.Optimizer<{ lr: number }> {
      override step(): undefined;
      override step<Loss>(closure: () => Loss): Loss;
      override step<Loss>(closure?: () => Loss): Loss | undefined {
        const loss = this.evaluate(closure);
        torch.noGrad(() => {
          for (const { params, lr } of this.paramGroups) {
            for (const p of params) if (p.grad !== null) p.sub_(p.grad.sign().mul(lr));
          }
        });
        return loss;
      }
    }
    const p = parameter(2);
    p.grad = torch.tensor([3, -3]);
    const optimizer = new Sign([p], { lr: 0.5 });
    let calls = 0;
    optimizer.registerStepPostHook(() => void calls++);
    optimizer.step();
    expect(p.tolist()).toEqual([0.5, 1.5]);
    expect(calls).toBe(1);
  });
});

describe('loadStateDict', () => {
  const dict = (params: Tensor[][]): optim.OptimizerStateDict =>
    new SGD(params.map((group) => ({ params: group }))).stateDict();

  test('refuses other groups', () => {
    const optimizer = new SGD([parameter(1), parameter(2)]);
    expect(() => optimizer.loadStateDict(dict([[parameter(1)], [parameter(2)]]))).toThrow(
      'loaded state dict has a different number of parameter groups',
    );
    expect(() => optimizer.loadStateDict(dict([[parameter(1)]]))).toThrow(
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
    // @ts-expect-error: not a state dict.
    expect(() => optimizer.loadStateDict({})).toThrow("has the keys 'state' and 'param_groups'");
  });

  test('completes an old dict, and casts', () => {
    const p = torch.ones([2], { dtype: torch.float64, requiresGrad: true });
    const optimizer = new AdamW([p]);
    optimizer.loadStateDict({
      state: { 0: { step: 7, exp_avg: torch.ones([2]), exp_avg_sq: torch.ones([2]) } },
      param_groups: [{ lr: 0.5, betas: [0.5, 0.5], eps: 1, weight_decay: 0, params: [0] }],
    });
    const state = optimizer.state.get(p)!;
    expect(state.step.item()).toBe(7);
    expect(state.step.dtype).toBe(torch.float32);
    expect(state.expAvg.dtype).toBe(torch.float64);
    expect(optimizer.paramGroups[0]).toMatchObject({
      lr: 0.5,
      amsgrad: false,
      foreach: null,
      decoupledWeightDecay: true,
    });
  });
});

test('the printed form is PyTorch’s', () => {
  const text = [
    'SGD (',
    'Parameter Group 0',
    '    dampening: 0',
    '    differentiable: False',
    '    foreach: None',
    '    fused: None',
    '    lr: 1e-05',
    '    maximize: False',
    '    momentum: 0',
    '    nesterov: False',
    '    weight_decay: 0.0001',
    ')',
  ].join('\n');
  const optimizer = new SGD([parameter(1)], { lr: 1e-5, weightDecay: 1e-4 });
  expect(String(optimizer)).toBe(text);
  expect(inspect(optimizer)).toBe(text);
});

describe.each(Object.keys(all) as (keyof typeof all)[])('%s keeps no tensors', (name) => {
  test('of the steps it has made', () => {
    const model = new nn.Linear(3, 2);
    const optimizer = make(name, model.parameters(), { lr: 0.1 });
    const x = torch.ones([4, 3]);
    const train = (): void => {
      for (let i = 0; i < 5; i++) {
        optimizer.zeroGrad();
        model(x).square().mean().backward();
        optimizer.step();
      }
      optimizer.zeroGrad();
    };
    train();
    expectNoLeaks(train);
  });

  test('when it is no longer there, its state included', () => {
    const weight = parameter(3);
    expectNoLeaks(() => {
      const optimizer = make(name, [weight], { lr: 0.1 });
      weight.grad = torch.ones([3]);
      optimizer.step();
      optimizer.loadStateDict(optimizer.stateDict());
      weight.grad = null;
    });
  });
});
