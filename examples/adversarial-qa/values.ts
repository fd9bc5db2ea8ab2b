/** Reads the values of options. Each throws {@link UsageError} for a text that cannot be meant. */
import { ALIASES, ARM_NAMES, type ArmName, armNamed } from './arms.js';

/** Something on the command line is wrong. */
export class UsageError extends Error {}

/** A number for all arms, and others for some. */
export interface PerArm {
  all: number | null;
  by: Partial<Record<ArmName, number>>;
}

const GREATEST_SEED = 0xffff_ffff;

export function number(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${name} must be a number, got "${text}"`);
  return value;
}

export function natural(text: string, name: string): number {
  const value = number(text, name);
  if (value < 0) throw new UsageError(`${name} must not be negative, got ${text}`);
  return value;
}

export function positive(text: string, name: string): number {
  const value = number(text, name);
  if (value <= 0) throw new UsageError(`${name} must be above 0, got ${text}`);
  return value;
}

export function integer(text: string, name: string): number {
  const value = natural(text, name);
  if (!Number.isInteger(value) || value > GREATEST_SEED)
    throw new UsageError(`${name} must be an integer from 0 to ${GREATEST_SEED}, got ${text}`);
  return value;
}

export function count(text: string, name: string): number {
  const value = integer(text, name);
  if (value === 0) throw new UsageError(`${name} must be at least 1`);
  return value;
}

/** Numbers above 0, ascending. */
export function numbers(text: string, name: string): number[] {
  return [...new Set(text.split(',').map((part) => positive(part, name)))].sort((a, b) => a - b);
}

/** One of several words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string, name: string) => Word {
  return (text, name) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new UsageError(`${name} must be of ${words.join(', ')}, got "${text}"`);
    return word;
  };
}

export function arm(text: string, name: string): ArmName {
  const found = armNamed(text);
  if (found !== undefined) return found;
  throw new UsageError(
    `${name} must be of ${[...ARM_NAMES, ...Object.keys(ALIASES)].join(', ')}, got "${text}"`,
  );
}

/** Arms in the order in which the program lists them, each once. */
export function arms(text: string, name: string): ArmName[] {
  const chosen = new Set(text.split(',').map((part) => arm(part, name)));
  return ARM_NAMES.filter((one) => chosen.has(one));
}

/** `2` for all arms, `fgm=1,pgd=0.5` for some, or both: `2,fgm=1`. */
export function perArm(text: string, name: string): PerArm {
  const result: PerArm = { all: null, by: {} };
  for (const part of text.split(',')) {
    const [first = '', second, ...rest] = part.split('=');
    if (second === undefined) {
      if (result.all !== null) throw new UsageError(`${name} has two numbers for all arms: "${text}"`);
      result.all = positive(first, name);
    } else {
      if (rest.length > 0) throw new UsageError(`${name} must be like fgm=1,pgd=0.5, got "${text}"`);
      result.by[arm(first, name)] = positive(second, name);
    }
  }
  return result;
}

/** What {@link perArm} reads. */
export function perArmText({ all, by }: PerArm): string {
  const parts = Object.entries(by).map(([one, value]) => `${one}=${value}`);
  return [...(all === null ? [] : [String(all)]), ...parts].join(',') || 'the default';
}

/** `1,2,5`, or a count: `3` for that many from `first` on. */
export function seeds(text: string, first: number, name: string): number[] {
  const parts = text.split(',');
  if (parts.length > 1) return [...new Set(parts.map((part) => integer(part, name)))];
  const last = first + count(text, name) - 1;
  if (last > GREATEST_SEED) throw new UsageError(`${name}: no seed may be above ${GREATEST_SEED}`);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
