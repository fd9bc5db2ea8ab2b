/** The same seed gives the same bits as in PyTorch. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import torch, { Generator, nn, type Tensor } from '../lib/index.js';
import { bytesOf, hexOf } from './support/bits.js';
import { hasPython, runPython } from './support/python.js';

const seeds = [
  '0',
  '1',
  '42',
  '123456789',
  '4294967296',
  '-1',
  '-9223372036854775808',
  '18446744073709551615',
];
// The vectorised paths start at 16 elements.
const sizes = [3, 15, 16, 17, 100, 1001];

const seedOf = (text: string): number | bigint =>
  Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);

function draws(n: number): Record<string, string> {
  const float64 = { dtype: torch.float64 };
  return {
    rand: hexOf(torch.rand(n)),
    'rand float64': hexOf(torch.rand([n], float64)),
    randn: hexOf(torch.randn(n)),
    'randn float64': hexOf(torch.randn([n], float64)),
    randint: hexOf(torch.randint(-5, 1000, [n])),
    'randint wide': hexOf(torch.randint(0, 2 ** 40, [n])),
    randperm: hexOf(torch.randperm(n)),
    bernoulli: hexOf(torch.bernoulli(torch.full([n], 0.3))),
    bernoulli_: hexOf(torch.empty([n]).bernoulli_(0.7)),
    normal: hexOf(torch.normal(2, 3, [n])),
    dropout: hexOf(nn.functional.dropout(torch.ones([n]), { p: 0.4 })),
    uniform_: hexOf(torch.empty([n]).uniform_(-2, 2)),
    normal_: hexOf(torch.empty([n]).normal_(1, 2)),
    exponential_: hexOf(torch.empty([n]).exponential_(1.5)),
    multinomial: hexOf(torch.multinomial(torch.arange(1, n + 1, 1, { dtype: torch.float32 }), 3, true)),
    random_: hexOf(torch.empty([n], { dtype: torch.int64 }).random_()),
  };
}

interface Reference {
  draws: Record<string, Record<string, string>>;
  continued: string;
  state: string;
  next: string;
  generator: string;
  'generator permutation': string;
  'initial seeds': Record<string, string>;
}

(hasPython ? describe : describe.skip)('manualSeed: bits equal to those of PyTorch', () => {
  let reference: Reference;
  let continued: string;
  beforeAll(() => {
    torch.manualSeed(99);
    torch.randn(5);
    const state = hexOf(torch.getRngState());
    continued = hexOf(torch.randn(37));
    reference = JSON.parse(
      runPython('random_bits.py', [], { input: JSON.stringify({ seeds, sizes, state }) }),
    ) as Reference;
  });

  describe.each(seeds)('seed %s', (seed) => {
    test.each(sizes)('%i elements of each function, one after the other', (size) => {
      torch.manualSeed(seedOf(seed));
      expect(draws(size)).toEqual(reference.draws[`${seed} ${size}`]);
    });

    test('is given back by initialSeed', () => {
      torch.manualSeed(seedOf(seed));
      expect(String(torch.initialSeed())).toBe(reference['initial seeds'][seed]);
    });
  });

  test('PyTorch goes on from the state that it is given', () => {
    expect(reference.continued).toBe(continued);
  });

  test('and litorch from the state that PyTorch gives', () => {
    torch.setRngState(torch.tensor(Uint8Array.from(Buffer.from(reference.state, 'hex'))));
    expect(hexOf(torch.randn(21))).toBe(reference.next);
  });

  test('a generator draws the same', () => {
    const generator = new Generator().manualSeed(7);
    expect(hexOf(torch.randn([20], { generator }))).toBe(reference.generator);
    expect(hexOf(torch.randperm(20, { generator }))).toBe(reference['generator permutation']);
  });
});

describe('the default generator', () => {
  test('draws the same again after the same seed', () => {
    torch.manualSeed(5);
    const first = hexOf(torch.randn(50));
    expect(hexOf(torch.randn(50))).not.toBe(first);
    torch.manualSeed(5);
    expect(hexOf(torch.randn(50))).toBe(first);
  });

  test('takes a number and the bigint of the same value alike', () => {
    torch.manualSeed(77);
    const first = hexOf(torch.rand(20));
    torch.manualSeed(77n);
    expect(hexOf(torch.rand(20))).toBe(first);
  });

  test('takes a negative seed for its two’s complement', () => {
    torch.manualSeed(-1);
    const first = hexOf(torch.rand(20));
    torch.manualSeed(2n ** 64n - 1n);
    expect(hexOf(torch.rand(20))).toBe(first);
  });

  test('is given back by manualSeed', () => {
    expect(torch.manualSeed(1)).toBe(torch.defaultGenerator);
    expect(torch.defaultGenerator.initialSeed()).toBe(1);
  });

  test('goes on from a state that was taken, as often as it is set', () => {
    torch.manualSeed(3);
    torch.randn(7);
    const state = torch.getRngState();
    const draw = (): string => hexOf(torch.randn(33)) + hexOf(torch.randperm(20));
    const first = draw();
    torch.setRngState(state);
    expect(draw()).toBe(first);
    torch.setRngState(state);
    expect(draw()).toBe(first);
  });

  test('keeps the half of a pair of normal numbers in its state', () => {
    torch.manualSeed(3);
    torch.randn([]);
    const state = torch.getRngState();
    const [first, second] = [hexOf(torch.randn([])), hexOf(torch.randn([]))];
    torch.setRngState(state);
    expect([hexOf(torch.randn([])), hexOf(torch.randn([]))]).toEqual([first, second]);
  });

  test('has a state of 5,056 bytes that is a copy', () => {
    const state = torch.getRngState();
    expect([state.dtype, state.shape]).toEqual([torch.uint8, [5056]]);
    const before = bytesOf(state).toString('hex');
    torch.randn(700);
    expect(bytesOf(state).toString('hex')).toBe(before);
    expect(bytesOf(torch.getRngState()).toString('hex')).not.toBe(before);
  });

  test('is seeded from the system by seed(), with a seed that gives the same numbers again', () => {
    const seed = torch.seed();
    const first = hexOf(torch.randn(20));
    expect(torch.initialSeed()).toBe(seed);
    torch.manualSeed(seed);
    expect(hexOf(torch.randn(20))).toBe(first);
    expect(torch.seed()).not.toBe(seed);
  });
});

describe('Generator', () => {
  const draw = (generator: Generator): string => hexOf(torch.bernoulli(torch.full([40], 0.5), { generator }));

  test('starts from PyTorch’s default seed', () => {
    expect(new Generator().initialSeed()).toBe(67280421310721);
  });

  test('has a state of its own', () => {
    torch.manualSeed(0);
    const expected = hexOf(torch.randn(10));
    torch.manualSeed(0);
    draw(new Generator().manualSeed(9));
    expect(hexOf(torch.randn(10))).toBe(expected);
  });

  test('gives the same numbers from the same seed, and others from another', () => {
    expect(draw(new Generator().manualSeed(9))).toBe(draw(new Generator().manualSeed(9)));
    expect(draw(new Generator().manualSeed(9))).not.toBe(draw(new Generator().manualSeed(10)));
  });

  test('hands its state to another', () => {
    const one = new Generator().manualSeed(4);
    draw(one);
    const other = new Generator().setState(one.getState());
    expect(draw(other)).toBe(draw(one));
    expect(other.initialSeed()).toBe(4);
  });

  test('returns itself from manualSeed and setState, and says where it is', () => {
    const generator = new Generator();
    expect(generator.manualSeed(1)).toBe(generator);
    expect(generator.setState(generator.getState())).toBe(generator);
    expect(String(generator.device)).toBe('cpu');
  });

  test('is taken by in-place operators too', () => {
    const fill = (seed: number): Tensor =>
      torch.empty([30]).uniform_(0, 1, { generator: new Generator().manualSeed(seed) });
    expect(hexOf(fill(1))).toBe(hexOf(fill(1)));
    expect(hexOf(fill(1))).not.toBe(hexOf(fill(2)));
  });
});
