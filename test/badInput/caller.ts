/**
 * Calls operators, functions and methods with random arguments, out of a seed, to find what ends the process. What it
 * is about to call is in its log: `node caller.js SEED CALLS LOG [FIRST]`, where a call's number and the seed decide
 * everything about it.
 */
import { openSync, writeSync } from 'node:fs';
import { types } from 'node:util';
import torch, { type Tensor } from '../../lib/index.js';
import { Dice } from '../support/dice.js';
import { excluded } from './excluded.js';
import { absurdity, randomArgument, randomTensor } from './values.js';

type Callable = (...args: unknown[]) => unknown;

interface SchemaParameter {
  readonly type: string;
  readonly name: string;
  readonly kwargOnly: boolean;
}

/** The parameters in a schema's text; defaults are left out. */
function parametersOf(schema: string): SchemaParameter[] {
  const start = schema.indexOf('(');
  const inside = schema.slice(start + 1, schema.lastIndexOf(') ->'));
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let current = '';
  for (const letter of inside) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && '([{'.includes(letter)) depth++;
    if (!quoted && ')]}'.includes(letter)) depth--;
    if (letter === ',' && depth === 0 && !quoted) {
      parts.push(current.trim());
      current = '';
    } else current += letter;
  }
  if (current.trim() !== '') parts.push(current.trim());
  const parameters: SchemaParameter[] = [];
  let kwargOnly = false;
  for (const part of parts) {
    if (part === '*') {
      kwargOnly = true;
      continue;
    }
    const [declared] = part.split('=') as [string];
    const space = declared.lastIndexOf(' ');
    parameters.push({
      type: declared.slice(0, space).replace(/\([^)]*\)/g, ''),
      name: declared.slice(space + 1),
      kwargOnly,
    });
  }
  return parameters;
}

const operators = torch
  .registeredOperators()
  .sort()
  .filter((name) => excluded(name) === undefined);
const functions = Object.entries(torch).filter(
  ([name, value]) =>
    typeof value === 'function' &&
    /^[a-z]/.test(name) &&
    !/^(set|seed$|manualSeed|keep|fromFile|use|tidy)/.test(name),
) as [string, Callable][];
const methods = Object.getOwnPropertyNames(torch.Tensor.prototype).filter((name) => name !== 'constructor');

/** A value in a line, for the trace. */
function brief(value: unknown): string {
  if (value instanceof torch.Tensor) {
    const tensor = value as Tensor;
    if (!Number.isFinite(tensor.handle) || tensor.disposed) return 'Tensor(disposed)';
    const marks = [
      tensor.layout,
      tensor.device,
      tensor.requiresGrad ? 'grad' : '',
      tensor.isInference() ? 'inference' : '',
    ];
    return `${tensor.dtype}[${tensor.shape}]${marks.join(' ').replace('torch.strided cpu', '').trimEnd()}`;
  }
  if (Array.isArray(value)) return value[0] === value ? '[itself]' : `[${value.map(brief).join(', ')}]`;
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${brief(item)}`)
      .join(', ')}}`;
  }
  return typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'string'
      ? JSON.stringify(value.slice(0, 20))
      : String(value);
}

function operatorCall(dice: Dice, full: string): [string, () => unknown] {
  const [namespace, rest] = full.split('::') as [string, string];
  const [name, overload] = rest.split('.') as [string, string?];
  const operator = torch.ops[namespace]?.[name]?.[overload ?? 'default'];
  const args: unknown[] = [];
  const options: Record<string, unknown> = {};
  if (operator === undefined) return [full, () => undefined];
  for (const parameter of parametersOf(operator.schema)) {
    const value = randomArgument(dice, parameter.type);
    if (parameter.kwargOnly) {
      if (dice.chance(0.5) || parameter.name === 'out') options[parameter.name] = value;
    } else args.push(value);
  }
  if (Object.keys(options).length > 0) args.push(options);
  if (dice.chance(0.02)) args.splice(dice.below(args.length + 1), 1);
  if (process.env.LITORCH_TEST_TRACE)
    process.stderr.write(`${operator.schema}\n${args.map((value) => brief(value)).join(', ')}\n`);
  return [full, () => operator(...args)];
}

function anyCall(dice: Dice): [string, () => unknown] {
  const choice = dice.next();
  if (choice < 0.7) return operatorCall(dice, dice.pick(operators));
  const args = Array.from({ length: dice.below(5) }, () =>
    dice.chance(0.4) ? randomTensor(dice) : absurdity(dice),
  );
  if (choice < 0.85) {
    const [name, run] = dice.pick(functions);
    return [`torch.${name}`, () => run(...args)];
  }
  const name = dice.pick(methods);
  const tensor = randomTensor(dice) as unknown as Record<string, unknown>;
  return [
    `Tensor.${name}`,
    () => {
      const member = tensor[name];
      return typeof member === 'function' ? (member as Callable).apply(tensor, args) : member;
    },
  ];
}

/** Uses what a call gave: reads it, and runs backward through it. */
function use(dice: Dice, result: unknown): void {
  for (const value of Array.isArray(result) ? result : [result]) {
    if (!(value instanceof torch.Tensor)) continue;
    const tensor = value as Tensor;
    if (tensor.requiresGrad && dice.chance(0.5)) tensor.sum().backward();
    if (tensor.layout === torch.strided && !tensor.isMeta && tensor.numel() < 10_000)
      String(tensor.dtype.isComplex ? tensor.shape : tensor.sum());
  }
}

const [seed, calls, logFile, first = '0'] = process.argv.slice(2) as [string, string, string, string?];
const perOperator = Number(process.env.LITORCH_TEST_PER_OPERATOR ?? 0);
const log = openSync(logFile, 'w');
const strange: string[] = [];
let threw = 0;
process.on('warning', () => {});
process.removeAllListeners('warning');

for (let i = Number(first); i < Number(first) + Number(calls); i++) {
  const dice = new Dice(Number(seed) * 1_000_003 + i * 7919);
  torch.manualSeed(i);
  torch.tidy(() => {
    let name = '(making arguments)';
    try {
      const full = perOperator > 0 ? operators[Math.floor(i / perOperator)] : undefined;
      if (perOperator > 0 && full === undefined) return;
      const [described, run] = full === undefined ? anyCall(dice) : operatorCall(dice, full);
      name = described;
      writeSync(log, `${i} ${name}`.padEnd(120).slice(0, 120), 0);
      use(dice, run());
    } catch (error) {
      threw++;
      if (!types.isNativeError(error))
        strange.push(`${i} ${name}: threw ${String(error)}, which is no Error`);
      else if (/Maximum call stack|std::|INTERNAL/.test(error.message) && process.env.LITORCH_TEST_TRACE) {
        process.stderr.write(`${i} ${name}: ${error.message.slice(0, 200)}\n`);
      }
    }
  });
  // Modes that a call switched on or off.
  torch.setGradEnabled(true);
}
torch.memory.collect();
const sum = torch.tidy(() => Number(torch.arange(10).sum().item()));
console.log(
  JSON.stringify({
    calls: Number(calls),
    operators: operators.length,
    threw,
    strange,
    sum,
    tensors: torch.memory.stats().tensors,
  }),
);
