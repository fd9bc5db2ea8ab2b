/** `litorch` as users have it, bundled, beside the modules that it is made of, which tests have. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import litorch from 'litorch';
import { Tensor } from '../lib/tensor.js';
import { asSource, runNode } from './support/child.js';
import { root } from './support/python.js';

const program = join(root, 'dist', 'test', 'bundle', 'main.js');

function run<T>(scenario: string, ...options: string[]): T {
  const { status, stdout, stderr } = runNode([...options, program, scenario], { OMP_NUM_THREADS: '1' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

describe('there is one library', () => {
  test('in tests', () => {
    expect(litorch.Tensor).toBe(Tensor);
  });

  test('in programs that tests start, and in their workers', () => {
    expect(run('same', asSource)).toEqual({ source: true, parts: true });
    expect(run('worker', asSource)).toMatchObject({ source: true });
  });

  test("for a user's program, with its other entries, which is not that of the tests", () => {
    expect(run('same')).toEqual({ source: false, parts: true });
    expect(run('worker')).toMatchObject({ source: false });
  });
});

describe('the bundle', () => {
  test('trains to the same bits, in a worker too', () => {
    const trained = run<string>('train', asSource);
    expect(Number(trained)).toBeGreaterThan(0);
    expect(run('train')).toBe(trained);
    expect(run('worker')).toMatchObject({ trained });
  });

  test('calls functions, classes and methods by their own names', () => {
    const names = run<Record<string, string>>('names');
    expect(names).toEqual(run('names', asSource));
    expect(Object.keys(names).length).toBeGreaterThan(2000);
    expect(names).toMatchObject({
      'litorch.Tensor': 'Tensor',
      'litorch.nn.Parameter': 'Parameter',
      'litorch.nn.Sequential': 'Sequential',
      'litorch.optim.AdamW': 'AdamW',
    });
  });

  test('prints modules and optimizers as the modules do', () => {
    const texts = run<string[]>('texts');
    expect(texts).toEqual(run('texts', asSource));
    expect(texts[0]).toMatch(/^Sequential\(\n {2}\(0\): Linear\(in_features=2, /);
  });

  interface Thrown {
    name: string;
    class: string;
    text: string;
    stack: string;
  }

  test('throws errors of the same names, with stacks that tell where', () => {
    const withoutStack = (errors: Thrown[]): unknown[] => errors.map(({ stack: _, ...rest }) => rest);
    const errors = run<Thrown[]>('errors');
    expect(withoutStack(errors)).toEqual(withoutStack(run('errors', asSource)));
    expect(errors.map((error) => error.class)).toEqual(['TorchError', 'LinAlgError', 'TypeError']);
    expect(errors[2]?.stack).toMatch(/at .*relu .*dist\/bundle\//);
  });

  test('has source maps to the TypeScript', () => {
    const [first, , last] = run<Thrown[]>('errors', '--enable-source-maps');
    expect(first?.stack).toMatch(/lib\/ops\/call\.ts:\d+:\d+/);
    expect(last?.stack).toMatch(/relu \(.*lib\/nn\/functional\/activation\.ts:\d+:\d+\)/);
  });
});
