import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { SeededRandom, tokenize } from 'litorch/squad';

export const DATA_NAMES = ['sst2', 'rt', 'imdb'] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** A text as its tokens, lower-cased, and what it is: 1 for praise, 0 for blame. */
export interface Sample {
  label: 0 | 1;
  tokens: string[];
}

/** What is trained on, what chooses the epoch, and what is tested on. */
export interface Splits {
  train: Sample[];
  dev: Sample[];
  test: Sample[];
}

export interface DataOptions {
  /** The folder of the data sets; null for `../shared/data` beside the package. */
  dir: string | null;
  /** Rotten Tomatoes: the tenth that is tested on, 0 to 9; the next one chooses the epoch. */
  fold: number;
}

/** A file is not what it should be; the message names it and the line. */
export class DataError extends Error {
  override name = 'DataError';
}

/** Of what chance decides in the splits, for every run: only the weights and batches depend on a run's own seed. */
const SPLIT_SEED = 20_17;

/**
 * A data set in its three parts.
 *
 * - `sst2`: the official ones, `sst2/{train,dev,test}.jsonl.gz`.
 * - `rt`: `rt-polarity/all.jsonl.gz` has none; it is shuffled by a fixed seed and cut into tenths: one to test on, the
 *   next to choose the epoch, eight to train on.
 * - `imdb`: `imdb/{train,test}.jsonl.gz`; a tenth of the training texts, drawn by a fixed seed, chooses the epoch.
 *
 * Each file is JSONL, gzipped or not: `{"label": 0 or 1, "text": "…"}` a line.
 *
 * @throws DataError for a missing or malformed file.
 */
export function loadSplits(name: DataName, { dir, fold }: DataOptions): Splits {
  const folder = dir ?? defaultFolder();
  const read = (...path: string[]): Sample[] => readSamples(join(folder, ...path), name === 'imdb');
  if (name === 'sst2') {
    const part = (split: string): Sample[] => read('sst2', `${split}.jsonl.gz`);
    return { train: part('train'), dev: part('dev'), test: part('test') };
  }
  if (name === 'rt') return tenths(read('rt-polarity', 'all.jsonl.gz'), fold);
  const { test: dev, rest: train } = drawn(read('imdb', 'train.jsonl.gz'));
  return { train, dev, test: read('imdb', 'test.jsonl.gz') };
}

/** `../shared/data`, seen from the package's root folder. */
function defaultFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  const found = join(dirname(folder), 'shared', 'data');
  if (!existsSync(found))
    throw new DataError(`there are no data sets at ${found}; --dir says where they are (see README.md)`);
  return found;
}

/** The samples of a JSONL file. @param raw Whether texts are as their authors wrote them, or cut into tokens already. */
export function readSamples(path: string, raw: boolean): Sample[] {
  return textOf(path)
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [sampleOf(line, raw, `${path}:${i + 1}`)]));
}

function textOf(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new DataError(`${path}: cannot be read: ${(error as Error).message}`);
  }
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DataError(`${path}: damaged: ${(error as Error).message}`);
  }
}

function sampleOf(line: string, raw: boolean, where: string): Sample {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DataError(`${where}: not JSON: ${(error as Error).message}`);
  }
  const { label, text } = (value ?? {}) as { label?: unknown; text?: unknown };
  if (label !== 0 && label !== 1) throw new DataError(`${where}: "label" must be 0 or 1`);
  if (typeof text !== 'string') throw new DataError(`${where}: "text" must be a string`);
  const tokens = raw
    ? tokenize(text.replaceAll(/<br\s*\/?>/gi, ' ').toLowerCase()).map((token) => token.text)
    : text.toLowerCase().split(/\s+/).filter(Boolean);
  if (tokens.length === 0) throw new DataError(`${where}: a text without words`);
  return { label, tokens };
}

function shuffled<T>(items: readonly T[]): T[] {
  return new SeededRandom(SPLIT_SEED).shuffled(items);
}

function tenths(samples: readonly Sample[], fold: number): Splits {
  const splits: Splits = { train: [], dev: [], test: [] };
  const size = samples.length / 10;
  shuffled(samples).forEach((sample, i) => {
    const tenth = (Math.floor(i / size) - fold + 10) % 10;
    (tenth === 0 ? splits.test : tenth === 1 ? splits.dev : splits.train).push(sample);
  });
  return splits;
}

function drawn(samples: readonly Sample[]): { test: Sample[]; rest: Sample[] } {
  const all = shuffled(samples);
  const size = Math.ceil(all.length / 10);
  return { test: all.slice(0, size), rest: all.slice(size) };
}
