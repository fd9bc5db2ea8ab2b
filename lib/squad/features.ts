import type { Token } from './tokenizer.js';

/**
 * What is known of a context token beside its word vector, after DrQA (Chen et al. 2017, arXiv:1704.00051, section
 * 3.2): whether it occurs in the question as it is, lower-cased, and by its stem (in place of DrQA's lemma), its
 * share of the context's tokens, and, in place of its part-of-speech and entity tags, whether it is capitalised and
 * whether it is a number.
 */
export const FEATURE_NAMES = ['exact', 'lower', 'stem', 'frequency', 'capital', 'number'] as const;

/** How many features each context token has. */
export const FEATURE_COUNT = FEATURE_NAMES.length;

const CAPITAL = /^\p{Lu}/u;
const NUMBER = /^\p{N}/u;
const WORD = /^[\p{L}\p{N}]/u;

/** Features of one context under one question: `[context.length, FEATURE_COUNT]`, row by row. */
export function contextFeatures(context: readonly Token[], question: readonly Token[]): Float32Array {
  const texts = question.map((token) => token.text).filter((text) => WORD.test(text));
  const exact = new Set(texts);
  const lower = new Set(texts.map((text) => text.toLowerCase()));
  const stems = new Set(texts.map(stem));
  const counts = new Map<string, number>();
  for (const { text } of context) {
    const key = text.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const features = new Float32Array(context.length * FEATURE_COUNT);
  context.forEach(({ text }, row) => {
    const key = text.toLowerCase();
    features.set(
      [
        Number(exact.has(text)),
        Number(lower.has(key)),
        Number(stems.has(stem(text))),
        counts.get(key)! / context.length,
        Number(CAPITAL.test(text)),
        Number(NUMBER.test(text)),
      ],
      row * FEATURE_COUNT,
    );
  });
  return features;
}

/**
 * A crude English stem: lower case, without the ending of a plural, a past tense or a gerund, so that "moved",
 * "moving" and "moves" meet. Words of three letters or less stay as they are.
 */
export function stem(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length <= 3) return lower;
  const singular = lower.replace(/ies$/, 'y').replace(/(?<=[sxz]|ch|sh)es$|(?<=[^sui])s$/, '');
  const root = singular.replace(/(?<=[^aeiou]|[aeiou]{2})(?:ed|ing)$/, '');
  // "planned" and "planning" to "plan", but a double l, s or z belongs to the word: "fill", "pass", "buzz".
  const single = root === singular ? root : root.replace(/([^aeioulsz])\1$/, '$1');
  return single.length < 3 ? lower : single.replace(/(?<=..)e$/, '');
}
