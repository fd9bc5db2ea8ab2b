/** Scopes and generators, which others run in between. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { referenced, settled, unfreed } from '../support/counts.js';

function rows(x: Tensor): Generator<Tensor, string, undefined> {
  return torch.tidy(function* () {
    const scaled = x.mul(2);
    for (let i = 0; i < 3; i++) {
      torch.ones([9]);
      yield scaled.select(0, i).add(1);
    }
    return 'end';
  });
}

describe('tidy of a generator function', () => {
  test('lasts to the end of the generator, and frees what it has made but not given', () => {
    const x = torch.ones([3, 2]);
    const before = settled();
    const given = [...rows(x)];
    expect(given.map((row) => row.tolist())).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
    ]);
    expect(unfreed()).toBe(before + 3);
  });

  test('leaves alone what its caller makes between the steps', () => {
    const x = torch.ones([3, 2]);
    const own: Tensor[] = [];
    for (const row of rows(x)) own.push(torch.ones([2]).add(row));
    expect(own.map((tensor) => tensor.tolist())).toEqual([
      [4, 4],
      [4, 4],
      [4, 4],
    ]);
  });

  test('keeps its own through the scopes of its caller, who gets what is yielded', () => {
    const x = torch.ones([3, 2]);
    const before = settled();
    const generator = rows(x);
    const given: Tensor[] = [];
    for (let i = 0; i < 3; i++) {
      torch.tidy(() => {
        const { value } = generator.next();
        given.push(value as Tensor);
        expect((value as Tensor).tolist()).toEqual([3, 3]);
      });
    }
    expect(given.every((row) => row.disposed)).toBe(true);
    expect(generator.next()).toEqual({ value: 'end', done: true });
    expect(generator.next()).toEqual({ value: undefined, done: true });
    expect(unfreed()).toBe(before);
  });

  test('two at the same time', () => {
    const [x, y] = [torch.ones([3, 2]), torch.zeros([3, 2])];
    const before = settled();
    const [a, b] = [rows(x), rows(y)];
    const firsts = [a.next().value, b.next().value, a.next().value] as Tensor[];
    a.return('over');
    expect((b.next().value as Tensor).tolist()).toEqual([1, 1]);
    b.return('over');
    expect(firsts.map((tensor) => tensor.tolist())).toEqual([
      [3, 3],
      [1, 1],
      [3, 3],
    ]);
    for (const tensor of firsts) tensor.dispose();
    // The second one of b's is the collector's.
    expect(unfreed()).toBe(before + 1);
  });

  test('ends where the loop is left', () => {
    const x = torch.ones([3, 2]);
    const before = settled();
    for (const row of rows(x)) {
      row.dispose();
      break;
    }
    expect(unfreed()).toBe(before);
  });

  test('ends with an exception in it, and with one thrown into it', () => {
    const before = settled();
    const held: Tensor[] = [];
    const failing = torch.tidy(function* () {
      held.push(torch.ones([2]));
      yield 1;
      held.push(torch.ones([2]));
      throw new Error('inside');
    });
    failing.next();
    expect(unfreed()).toBe(before + 1);
    expect(() => failing.next()).toThrow('inside');
    expect(unfreed()).toBe(before);
    const thrown = torch.tidy(function* () {
      held.push(torch.ones([2]));
      yield 1;
    });
    thrown.next();
    expect(() => thrown.throw(new Error('from outside'))).toThrow('from outside');
    expect(unfreed()).toBe(before);
  });

  test('goes on after an exception that it catches', () => {
    const generator = torch.tidy(function* () {
      const x = torch.ones([1]);
      try {
        yield 1;
      } catch {
        yield x.add(1);
      }
    });
    generator.next();
    expect((generator.throw(new Error('caught')).value as Tensor).item()).toBe(2);
    generator.return(undefined);
  });

  test('takes what is sent, and gives what is returned', () => {
    const generator = torch.tidy(function* (): Generator<number, Tensor, number> {
      const x = torch.full([1], yield 1);
      return x.mul(yield 2);
    });
    expect(generator.next().value).toBe(1);
    expect(generator.next(5).value).toBe(2);
    const { value, done } = generator.next(4);
    expect([(value as Tensor).item(), done]).toEqual([20, true]);
  });

  test('a generator that calls itself is told off, and is none the worse', () => {
    const generator: Generator<Tensor> = torch.tidy(function* () {
      const x = torch.ones([1]);
      expect(() => generator.next()).toThrow('already running');
      yield x.add(1);
      yield x.add(2);
    });
    expect([...generator].map((tensor) => tensor.item())).toEqual([2, 3]);
  });

  test('has what tidy was given made before it', () => {
    const before = settled();
    let x: Tensor | undefined;
    const given = [
      ...torch.tidy(() => {
        x = torch.ones([3, 2]);
        return rows(x);
      }),
    ];
    expect(given.map((row) => row.tolist())).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
    ]);
    expect(x?.disposed).toBe(true);
    expect(unfreed()).toBe(before + 3);
  });

  test('delegates with yield*, and nests', () => {
    const before = settled();
    const outer = torch.tidy(function* () {
      const x = torch.ones([3, 2]);
      yield* rows(x);
      yield x.add(9);
    });
    const given = [...outer];
    expect(given.map((tensor) => tensor.disposed)).toEqual([false, false, false, false]);
    expect(unfreed()).toBe(before + 4);
  });

  test('one that is dropped halfway leaves its tensors to the collector', async () => {
    const x = torch.ones([3, 2]);
    const before = referenced();
    const held: Tensor[] = [];
    (() => {
      const generator = torch.tidy(function* () {
        held.push(torch.ones([1]));
        torch.ones([7]);
        yield 1;
      });
      generator.next();
    })();
    for (let i = 0; i < 5; i++) {
      torch.memory.collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(held[0]?.item()).toBe(1);
    expect(referenced()).toBe(before + 1);
    expect(x.disposed).toBe(false);
  });

  test('is an iterator like others', () => {
    const generator = rows(torch.ones([3, 2]));
    expect(generator[Symbol.iterator]()).toBe(generator);
    expect(Array.from(generator, (row) => row.shape)).toEqual([[2], [2], [2]]);
  });
});

describe('other generators', () => {
  test('a scope between two yields is closed before the next one', () => {
    const before = referenced();
    function* sums(): Generator<Tensor> {
      for (let i = 0; i < 3; i++) yield torch.tidy(() => torch.ones([2]).mul(i).sum());
    }
    expect(Array.from(sums(), (sum) => sum.item())).toEqual([0, 2, 4]);
    expect(referenced()).toBe(before);
  });

  test('what they make belongs to the scope of whoever asks', () => {
    const before = settled();
    function* endless(): Generator<Tensor> {
      for (let i = 0; ; i++) yield torch.full([1], i);
    }
    const generator = endless();
    torch.tidy(() => expect((generator.next().value as Tensor).item()).toBe(0));
    expect(unfreed()).toBe(before);
    expect(torch.tidy(() => generator.next().value as Tensor).item()).toBe(1);
  });

  test('a generator function refuses to be asynchronous', () => {
    expect(() =>
      torch.tidy(async function* () {
        yield 1;
      }),
    ).toThrow('asynchronous generator');
  });
});
