/** The signatures of functions and methods, in the order in which they are tried: those of Python's parser. */
import { describe, expect, test } from '@jest/globals';
import * as fft from '../../lib/generated/fft.js';
import * as functions from '../../lib/generated/functions.js';
import * as linalg from '../../lib/generated/linalg.js';
import { methodTable } from '../../lib/generated/methodTable.js';
import * as nn from '../../lib/generated/nnFunctions.js';
import * as special from '../../lib/generated/special.js';
import torch, { type Tensor } from '../../lib/index.js';
import { camelCase } from '../../lib/ops/names.js';
import { methodsByHand } from '../../tools/generate/byHand.js';
import { liveOrRecorded } from '../support/recorded.js';

/** By module and name: the signatures, or the message where there is only one. */
type Signatures = Record<string, Record<string, string[] | string>>;
type Call = (options: object) => unknown;

const python = liveOrRecorded<Signatures>('signatures.py', 'signatures.json.gz');
const modules: Record<string, Record<string, unknown>> = { torch: functions, linalg, fft, special, nn };
const wrong = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`noSuchArgument${i}`, 1]));

function listed(call: Call): string[] | string {
  try {
    call(wrong);
  } catch (error) {
    const { message } = error as Error;
    if (!message.includes('one of:')) return message;
    return [...message.matchAll(/^ \* (\(.*\))$/gm)].map((match) => match[1] as string);
  }
  return 'took the arguments';
}

/** Names in camel case, lists in one spelling, and no space where none matters. */
function normalized(signature: string): string {
  return (
    signature
      // The number of int64, which Python has no text for.
      .replace('torch.dtype dtype = 4', 'torch.dtype dtype = None')
      .replace(/[[{]([^\]}]*)[\]}]/g, (_, list: string) => `(${list.replace(/\s/g, '')})`)
      .replace(/ (\w+)(?= =|,|\))/g, (_, name: string) => ` ${camelCase(name)}`)
      .replace(/ = (\([^)]*\)|[^,)]*)/g, (_, value: string) => ` = ${spelled(value)}`)
  );
}

/** One spelling of a default: Python's parser keeps the text of C++. */
function spelled(value: string): string {
  const text = value.toLowerCase().replace(/^"|"$/g, '');
  if (text === '()' || text === 'nullopt') return 'none';
  if (text === 'at::reduction::mean') return '1';
  // A list of one number over and over is that number.
  const list = text.replace(/[()]/g, '').split(',');
  if (text.startsWith('(') && new Set(list).size === 1) return list[0] as string;
  return Number.isNaN(Number(text)) ? text : String(Number(text));
}

function sameSignatures(
  name: string,
  call: Call | undefined,
  expected: string[] | string,
): string | undefined {
  if (call === undefined) return `${name} is missing`;
  const found = listed(call);
  if (typeof expected === 'string')
    return typeof found === 'string' ? undefined : `${name} has several signatures`;
  if (typeof found === 'string') return `${name}: ${found}`;
  const [ours, theirs] = [found.map(normalized).join('\n'), expected.map(normalized).join('\n')];
  return ours === theirs ? undefined : `${name}:\n${ours}\nwhere Python has\n${theirs}`;
}

// Written by hand, or of Python alone: what takes no signatures from the registry.
const otherwise: Record<string, ReadonlySet<string>> = {
  torch: new Set(
    `as_tensor asarray dsmm from_numpy frombuffer get_device hsmm numel saddmm spmm tensor
    sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor sparse_csr_tensor`.split(
      /\s+/,
    ),
  ),
};

describe('functions have the signatures of Python, in its order', () => {
  test.each(Object.keys(modules))('of %s', (module) => {
    const prefix = ['linalg', 'fft', 'special'].includes(module) ? `${module}_` : '';
    const problems: string[] = [];
    for (const [name, expected] of Object.entries(python[module] as Signatures[string])) {
      if (otherwise[module]?.has(name) === true) continue;
      // Private functions are here where the generator shows them.
      if (name.startsWith('_') && modules[module]?.[camelCase(name)] === undefined) continue;
      const call = modules[module]?.[camelCase(name.slice(prefix.length))] as Call | undefined;
      const problem = sameSignatures(name, call, expected);
      if (problem !== undefined) problems.push(problem);
    }
    expect(problems).toEqual([]);
  });

  test('and there are none that Python has not', () => {
    const extra = Object.entries(modules).flatMap(([module, found]) => {
      const prefix = ['linalg', 'fft', 'special'].includes(module) ? `${module}_` : '';
      const known = new Set(
        Object.keys(python[module] as object).map((name) => camelCase(name.slice(prefix.length))),
      );
      return Object.keys(found).filter((name) => !known.has(name));
    });
    expect(extra).toEqual([]);
  });
});

describe('methods have the signatures of Python, in its order', () => {
  const generated = new Set(methodTable.split('\n').map((line) => line.split(' ')[0] as string));

  test('all that the generator writes', () => {
    const x = torch.ones(2);
    const problems: string[] = [];
    for (const [name, expected] of Object.entries(python.Tensor as Signatures[string])) {
      const key = camelCase(name);
      // `set_` of a storage has no form here.
      if (!generated.has(key) || methodsByHand.has(key) || name === 'set_') continue;
      const method = x[key as keyof Tensor] as Call;
      const problem = sameSignatures(name, (options) => method.call(x, options), expected);
      if (problem !== undefined) problems.push(problem);
    }
    expect(problems).toEqual([]);
  });

  test('and there are none that Python has not', () => {
    const known = new Set(Object.keys(python.Tensor as object).map(camelCase));
    // `x[1:3]` in Python.
    expect([...generated].filter((name) => !known.has(name) && name !== 'slice')).toEqual([]);
  });
});
