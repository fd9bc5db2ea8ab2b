/**
 * The header of a safetensors file, read as if it came from an enemy: nothing in it is believed before it is checked
 * against the size of the file, and nothing is allocated by its word.
 */
import type { DType } from '../dtype.js';
import { formatDtype } from './safetensorsDtypes.js';

/** The format's own limit on the header, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Key of the header that holds strings about the file rather than a tensor. */
export const METADATA_KEY = '__metadata__';

/** One tensor of a file. */
export interface TensorEntry {
  name: string;
  dtype: DType;
  shape: number[];
  /** First byte, counted from the end of the header. */
  begin: number;
  /** One past the last byte. */
  end: number;
}

/** What a header says. */
export interface Header {
  /** In the order of the bytes. */
  entries: TensorEntry[];
  metadata: Record<string, string>;
}

/** A file that isn't a well-formed safetensors file. The message names the file and, where there is one, the tensor. */
export class SafetensorsError extends Error {
  /** Path of the file. */
  readonly path: string;
  /** Name of the tensor, where one is to blame. */
  readonly tensorName: string | undefined;

  constructor(path: string, what: string, tensorName?: string, options?: ErrorOptions) {
    super(
      `${path}: ${tensorName === undefined ? '' : `tensor ${JSON.stringify(tensorName)}: `}${what}`,
      options,
    );
    this.name = 'SafetensorsError';
    this.path = path;
    this.tensorName = tensorName;
  }
}

/**
 * Checks and reads a header.
 *
 * @param text the bytes of the header, without its length.
 * @param dataBytes how many bytes follow it in the file.
 * @throws SafetensorsError for anything that the format doesn't allow.
 */
export function parseHeader(path: string, text: Uint8Array, dataBytes: number): Header {
  const json = decode(path, text);
  if (!json.startsWith('{')) throw new SafetensorsError(path, "the header doesn't start with {");
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new SafetensorsError(path, `the header isn't valid JSON: ${(error as Error).message}`);
  }
  const repeated = repeatedKey(json);
  if (repeated !== undefined) {
    throw new SafetensorsError(path, `the key ${JSON.stringify(repeated)} appears twice in the header`);
  }

  const entries: TensorEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed as Record<string, unknown>)) {
    if (name === METADATA_KEY) metadata = parseMetadata(path, value);
    else entries.push(parseEntry(path, name, value, dataBytes));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(path, entries, dataBytes);
  return { entries, metadata };
}

function decode(path: string, text: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new SafetensorsError(path, "the header isn't valid UTF-8");
  }
}

/** The first key that an object of the text has twice. JSON.parse, which has accepted the text, keeps the last. */
function repeatedKey(json: string): string | undefined {
  const open: Array<Set<string> | undefined> = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(json, i);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(json, end)) {
        const key = JSON.parse(json.slice(i, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return undefined;
}

function stringEnd(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** Whether the string that ends here is followed by a colon. */
function isKey(json: string, end: number): boolean {
  let i = end;
  while (json[i] === ' ' || json[i] === '\t' || json[i] === '\n' || json[i] === '\r') i++;
  return json[i] === ':';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseMetadata(path: string, value: unknown): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    throw new SafetensorsError(path, `${METADATA_KEY} isn't an object of strings`);
  }
  return value as Record<string, string>;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseEntry(path: string, name: string, value: unknown, dataBytes: number): TensorEntry {
  const fail = (what: string): never => {
    throw new SafetensorsError(path, what, name);
  };
  if (!isRecord(value)) return fail('its entry is not an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') return fail('its dtype is not a string');
  const format = formatDtype(dtype);
  if (format === undefined) return fail(`unknown dtype ${JSON.stringify(dtype)}`);
  if (!Array.isArray(shape)) return fail('its shape is not an array');
  if (!shape.every(isCount))
    return fail(`its shape has a size that isn't a non-negative integer: [${shape}]`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return fail('its data_offsets are not two non-negative integers');
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) return fail(`its data_offsets run backwards: [${begin}, ${end}]`);
  if (end > dataBytes)
    return fail(`its data_offsets [${begin}, ${end}] pass the end of the data, ${dataBytes} bytes`);
  const bytes = byteCount(shape, format.dtype.itemsize);
  if (bytes !== BigInt(end - begin)) {
    return fail(`${dtype} [${shape}] takes ${bytes} bytes, but its data_offsets hold ${end - begin}`);
  }
  return { name, dtype: format.dtype, shape, begin, end };
}

/** Exact, however large: a size may be near 2^53. A product with a zero in it is zero. */
function byteCount(shape: number[], itemsize: number): bigint {
  return shape.reduce((product, size) => product * BigInt(size), BigInt(itemsize));
}

/** The tensors must fill the data from end to end, without a gap or an overlap. */
function checkLayout(path: string, entries: readonly TensorEntry[], dataBytes: number): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (begin < position) {
      throw new SafetensorsError(
        path,
        `its data_offsets [${begin}, ${end}] overlap those of another tensor`,
        name,
      );
    }
    if (begin > position) {
      throw new SafetensorsError(path, `there is a gap of ${begin - position} bytes before its data`, name);
    }
    position = end;
  }
  if (position !== dataBytes) {
    throw new SafetensorsError(
      path,
      `the tensors end at byte ${position} of the data, which has ${dataBytes}`,
    );
  }
}

/** The header's text, padded so that the data is aligned. */
export function formatHeader(header: Header, dtypeName: (entry: TensorEntry) => string): Uint8Array {
  const fields: Array<[string, unknown]> = header.entries.map((entry) => [
    entry.name,
    { dtype: dtypeName(entry), shape: entry.shape, data_offsets: [entry.begin, entry.end] },
  ]);
  if (Object.keys(header.metadata).length > 0) fields.unshift([METADATA_KEY, header.metadata]);
  // Written field by field: an object would move keys that look like integers to the front.
  const json = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const bytes = new TextEncoder().encode(json);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20);
  padded.set(bytes);
  return padded;
}
