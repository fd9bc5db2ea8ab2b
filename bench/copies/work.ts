/**
 * Elements into a typed array and out of one, beside the C library's memcpy of as many bytes, in turn in one process.
 * Answers requests on standard input: `{ form, bytes, seconds }`, a line each.
 */
import { createInterface } from 'node:readline';
import torch from 'litorch';

/** One round: some seconds of one side, and as many copies of the other. */
export interface CopiesRequest {
  form: string;
  bytes: number;
  /** How long one side's part of the round takes, about. */
  seconds: number;
}

interface Form {
  /** What litorch does with `bytes`, and the copy that it is compared with. */
  prepare: (bytes: number) => { own: () => unknown; copy: () => unknown };
}

const floats = (bytes: number): Float32Array => new Float32Array(bytes / 4).fill(1.5);

/** `Buffer.copy` is a memcpy; into memory that is there already, or into what JavaScript allocates for it. */
function intoSame(source: Float32Array): () => unknown {
  const from = Buffer.from(source.buffer);
  const target = Buffer.from(new ArrayBuffer(source.byteLength));
  return () => from.copy(target);
}

function intoNew(source: Float32Array): () => unknown {
  const from = Buffer.from(source.buffer);
  return () => from.copy(Buffer.allocUnsafeSlow(source.byteLength));
}

const forms: Record<string, Form> = {
  toTypedArray: {
    prepare: (bytes) => {
      const source = floats(bytes);
      const x = torch.tensor(source);
      return { own: () => x.toTypedArray(), copy: intoNew(source) };
    },
  },
  'torch.tensor': {
    prepare: (bytes) => {
      const source = floats(bytes);
      return { own: () => torch.tensor(source), copy: intoNew(source) };
    },
  },
  asTypedArray: {
    prepare: (bytes) => {
      const source = floats(bytes);
      const x = torch.tensor(source);
      return { own: () => x.asTypedArray(), copy: intoSame(source) };
    },
  },
  fromTypedArray: {
    prepare: (bytes) => {
      const source = floats(bytes);
      return { own: () => torch.fromTypedArray(source).dispose(), copy: intoSame(source) };
    },
  },
};

/** Processor time, the collectors' and the system's included, so that other processes' turns do not count. */
function time(count: number, work: () => unknown): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / count;
}

torch.setNumThreads(1);
const prepared = new Map<string, { own: () => unknown; copy: () => unknown; count: number; round: number }>();

for await (const line of createInterface({ input: process.stdin })) {
  const { form, bytes, seconds } = JSON.parse(line) as CopiesRequest;
  const key = `${form} ${bytes}`;
  let one = prepared.get(key);
  if (one === undefined) {
    prepared.clear();
    const { own, copy } = (forms[form] as Form).prepare(bytes);
    const warm = bytes > 2 ** 20 ? 3 : 200;
    time(warm, own);
    time(warm, copy);
    one = { own, copy, count: Math.max(2, Math.ceil(seconds / time(5, copy))), round: 0 };
    prepared.set(key, one);
  }
  const { own, copy, count } = one;
  const ownFirst = one.round++ % 2 === 0;
  const first = time(count, ownFirst ? own : copy);
  const second = time(count, ownFirst ? copy : own);
  const [took, reference] = ownFirst ? [first, second] : [second, first];
  process.stdout.write(`${JSON.stringify({ seconds: took, reference })}\n`);
}
