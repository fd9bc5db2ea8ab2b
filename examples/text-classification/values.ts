/** Reads the values of options that only this program has. Each throws `UsageError` for a text that cannot be meant. */
import { count, integer, natural, oneOf, positive, UsageError } from '../adversarial-qa/values.js';

/** From 0 to below 1. */
export function probability(text: string, name: string): number {
  const value = natural(text, name);
  if (value >= 1) throw new UsageError(`${name} must be below 1, got ${text}`);
  return value;
}

/** Some of several words, in the order of the command line, each once. */
export function someOf<Word extends string>(words: readonly Word[]): (text: string, name: string) => Word[] {
  const one = oneOf(words);
  return (text, name) => [...new Set(text.split(',').map((part) => one(part.trim(), name)))];
}

/** Numbers above 0; `none` for an empty list. */
export function positives(text: string, name: string): number[] {
  return text === 'none' ? [] : text.split(',').map((part) => positive(part, name));
}

/** `5` for the seeds 1 to 5, or a list of seeds: `4,5,6`; `7,` for that seed alone. */
export function seeds(text: string, name: string): number[] {
  if (!text.includes(',')) return Array.from({ length: count(text, name) }, (_, i) => i + 1);
  const parts = text.replace(/,$/, '').split(',');
  return [...new Set(parts.map((part) => integer(part, name)))];
}
