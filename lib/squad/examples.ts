import { questionsOf, type SquadDataset } from './dataset.js';
import { contextFeatures } from './features.js';
import { alignSpan, type Token, tokenize } from './tokenizer.js';
import type { Vocabulary } from './vocabulary.js';

/** A question ready for a network, with what is needed to turn a predicted span back into text. */
export interface SquadExample {
  id: string;
  /** The context's text, and its tokens' places in it. */
  text: string;
  tokens: readonly Token[];
  /** Vocabulary indices, int64. */
  context: BigInt64Array;
  question: BigInt64Array;
  /** `[context.length, FEATURE_COUNT]`. */
  features: Float32Array;
  /** First and last token of the first gold answer; -1 where it has no place in the context. */
  start: number;
  end: number;
  /** All gold answer texts. */
  answers: string[];
}

export interface ExampleOptions {
  /** Cut contexts and questions to this many tokens. Default: whole. */
  maxContext?: number;
  maxQuestion?: number;
  /**
   * Leave out examples whose answer has no place in the context, is cut off, or is longer than `maxAnswer` tokens
   * (default 30): for training. Without it every question is kept.
   */
  train?: boolean;
  maxAnswer?: number;
}

/** All tokens of a dataset's contexts and questions, each context once: what a vocabulary is built from. */
export function* datasetTokens(dataset: SquadDataset): Generator<string, void, undefined> {
  for (const { paragraphs } of dataset.articles) {
    for (const { context, questions } of paragraphs) {
      for (const { text } of tokenize(context)) yield text;
      for (const { question } of questions) {
        for (const { text } of tokenize(question)) yield text;
      }
    }
  }
}

/**
 * Turns a dataset's questions into examples, in its order. A context or question without any token gets a single
 * unknown one, so that no sequence is empty.
 */
export function buildExamples(
  dataset: SquadDataset,
  vocabulary: Vocabulary,
  options: ExampleOptions = {},
): SquadExample[] {
  const { maxContext, maxQuestion, train = false, maxAnswer = 30 } = options;
  for (const [name, value] of Object.entries({ maxContext, maxQuestion, maxAnswer })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`${name} must be a positive integer, got ${String(value)}`);
    }
  }
  const examples: SquadExample[] = [];
  let text: string | undefined;
  let whole: Token[] = [];
  let tokens: Token[] = [];
  let context: BigInt64Array = new BigInt64Array(0);
  for (const entry of questionsOf(dataset)) {
    if (entry.context !== text) {
      text = entry.context;
      whole = orUnknown(tokenize(text));
      tokens = whole.slice(0, maxContext);
      context = encode(tokens, vocabulary);
    }
    const question = orUnknown(tokenize(entry.question)).slice(0, maxQuestion);
    const answer = entry.answers[0]!;
    const span = answer.start < 0 ? null : alignSpan(whole, answer.start, answer.start + answer.text.length);
    const inside = span !== null && span.last < tokens.length;
    if (train && !(inside && span.last - span.first < maxAnswer)) continue;
    examples.push({
      id: entry.id,
      text,
      tokens,
      context,
      question: encode(question, vocabulary),
      features: contextFeatures(tokens, question),
      start: inside ? span.first : -1,
      end: inside ? span.last : -1,
      answers: entry.answers.map((gold) => gold.text),
    });
  }
  return examples;
}

function orUnknown(tokens: Token[]): Token[] {
  return tokens.length > 0 ? tokens : [{ text: '', start: 0, end: 0 }];
}

function encode(tokens: readonly Token[], vocabulary: Vocabulary): BigInt64Array {
  return vocabulary.encode(tokens.map((token) => token.text));
}
