/** Schedules of learning rates have the bits of PyTorch's. */
import { describe, expect, jest, test } from '@jest/globals';
import torch, { optim, type Tensor } from '../../lib/index.js';
import { hasPython, runPython } from '../support/python.js';

const { LambdaLR, StepLR, LinearLR, CosineAnnealingLR, ReduceLROnPlateau } = optim.lrScheduler;
const EPOCHS = 45;
const metrics = Array.from(
  { length: EPOCHS },
  (_, i) => ((i * 37 + 11) % 23) / 7 + (40 - Math.min(i, 40)) / 9,
);

const parameter = (): Tensor => torch.zeros([1], { requiresGrad: true });
const makeOptimizer = (): optim.SGD =>
  new optim.SGD([{ params: parameter() }, { params: parameter(), lr: 0.7 }], { lr: 0.1 });

interface Scheduler {
  step(metric: number): void;
  stateDict(): optim.lrScheduler.SchedulerStateDict;
  loadStateDict(dict: optim.lrScheduler.SchedulerStateDict): void;
  getLastLr(): number[];
}

const schedules: Record<string, (optimizer: optim.SGD) => Scheduler> = {
  LambdaLR: (o) => new LambdaLR(o, [(e) => 1 / (e + 1), (e) => 0.3 * e]),
  StepLR: (o) => new StepLR(o, 4, 0.3),
  LinearLR: (o) => new LinearLR(o),
  'LinearLR down': (o) => new LinearLR(o, 0.9, 0.1, 17),
  CosineAnnealingLR: (o) => new CosineAnnealingLR(o, 13),
  'CosineAnnealingLR eta': (o) => new CosineAnnealingLR(o, 7, { etaMin: 0.003 }),
  ReduceLROnPlateau: (o) => new ReduceLROnPlateau(o, { patience: 1, factor: 0.7, cooldown: 2 }),
  'ReduceLROnPlateau max': (o) =>
    new ReduceLROnPlateau(o, {
      mode: 'max',
      patience: 0,
      factor: 0.3,
      threshold: 0.1,
      thresholdMode: 'abs',
      minLr: [1e-4, 1e-3],
    }),
};

function advance(optimizer: optim.SGD, scheduler: Scheduler, start: number, stop: number): number[] {
  const rates: number[] = [];
  for (let epoch = start; epoch < stop; epoch++) {
    rates.push(...optimizer.paramGroups.map((group) => group.lr as number));
    optimizer.step();
    scheduler.step(metrics[epoch] as number);
  }
  return rates;
}

const hex = (rates: number[]): string => Buffer.from(new Float64Array(rates).buffer).toString('hex');

/** A state as JSON: an infinity as a text, as Python spells it. */
const plain = (state: object): unknown =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      value === Infinity ? 'inf' : value === -Infinity ? '-inf' : (value as unknown),
    ]),
  );

(hasPython ? describe : describe.skip)('the rates of', () => {
  const reference = (hasPython ? JSON.parse(runPython('optim_schedules.py')) : {}) as Record<
    string,
    { rates: string; state: object }
  >;
  test.each(Object.keys(schedules))('%s', (name) => {
    const optimizer = makeOptimizer();
    const scheduler = schedules[name]!(optimizer);
    const rates = advance(optimizer, scheduler, 0, EPOCHS);
    expect(hex(rates)).toBe(reference[name]?.rates);
    expect(plain(scheduler.stateDict())).toEqual(reference[name]?.state);
    expect(scheduler.getLastLr()).toEqual(optimizer.paramGroups.map((group) => group.lr));
  });
});

describe('schedulers', () => {
  test.each(Object.keys(schedules))('%s goes on from a saved state', (name) => {
    const first = makeOptimizer();
    const scheduler = schedules[name]!(first);
    advance(first, scheduler, 0, 20);
    const saved = [structuredClone(scheduler.stateDict()), first.stateDict()] as const;
    const whole = advance(first, scheduler, 20, EPOCHS);

    const second = makeOptimizer();
    const resumed = schedules[name]!(second);
    resumed.loadStateDict(saved[0]);
    second.loadStateDict(saved[1]);
    expect(hex(advance(second, resumed, 20, EPOCHS))).toBe(hex(whole));
  });

  test('warn where they step before the optimizer', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      new StepLR(makeOptimizer(), 1).step();
      expect(warn.mock.calls[0]?.[0]).toContain(
        'Detected call of `lr_scheduler.step()` before `optimizer.step()`',
      );
    } finally {
      warn.mockRestore();
    }
  });

  test('keep the initial rates in the optimizer’s state dict', () => {
    const optimizer = makeOptimizer();
    new LinearLR(optimizer);
    expect(optimizer.stateDict().param_groups.map((group) => group.initial_lr)).toEqual([0.1, 0.7]);
  });

  test('refuse what they can’t do', () => {
    const optimizer = makeOptimizer();
    const tensorLr = new optim.SGD([parameter()], { lr: torch.tensor(0.1) });
    // @ts-expect-error: not an optimizer.
    expect(() => new StepLR({}, 1)).toThrow('is not an Optimizer');
    expect(() => new StepLR(tensorLr, 1)).toThrow('a learning rate that is a Tensor has no scheduler');
    expect(() => new ReduceLROnPlateau(tensorLr)).toThrow(
      'a learning rate that is a Tensor has no scheduler',
    );
    expect(() => new LambdaLR(optimizer, [(e) => e])).toThrow('Expected 2 lr_lambdas, but got 1');
    expect(() => new LinearLR(optimizer, { startFactor: 0 })).toThrow('Starting multiplicative factor');
    expect(() => new LinearLR(optimizer, { endFactor: 2 })).toThrow('Ending multiplicative factor');
    expect(() => new StepLR(makeOptimizer(), 1, { lastEpoch: 3 })).toThrow(
      "param 'initial_lr' is not specified",
    );
    expect(() => new ReduceLROnPlateau(optimizer, { factor: 1 })).toThrow('Factor should be < 1.0.');
    expect(() => new ReduceLROnPlateau(optimizer, { minLr: [1] })).toThrow('expected 2 min_lrs, got 1');
    // @ts-expect-error: no such mode.
    expect(() => new ReduceLROnPlateau(optimizer, { mode: 'mid' })).toThrow('mode mid is unknown!');
  });
});
