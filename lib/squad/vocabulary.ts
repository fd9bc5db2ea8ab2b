import { SquadFormatError } from './errors.js';

export interface VocabularyOptions {
  /** Leave out tokens seen less often than this. Default 1. */
  minFrequency?: number;
  /** At most this many entries, the two reserved ones included. Default: no bound. */
  maxSize?: number;
  /** Whether tokens are lower-cased before they are counted and looked up. Default true. */
  lowercase?: boolean;
}

/** What {@link Vocabulary.toJSON} gives: plain data, for a checkpoint. */
export interface VocabularyData {
  lowercase: boolean;
  /** All entries by index, the reserved ones first. */
  tokens: string[];
}

const PAD = '<pad>';
const UNKNOWN = '<unk>';

/**
 * Tokens and their indices: 0 is padding, 1 is any unknown token, then tokens by falling count and, at equal count,
 * in the order of their UTF-16 units, so that the same counts give the same vocabulary everywhere.
 */
export class Vocabulary {
  static readonly padIndex = 0;
  static readonly unknownIndex = 1;

  readonly lowercase: boolean;
  private readonly tokens: readonly string[];
  private readonly indices = new Map<string, number>();

  private constructor(tokens: readonly string[], lowercase: boolean) {
    this.tokens = tokens;
    this.lowercase = lowercase;
    tokens.forEach((token, index) => {
      this.indices.set(token, index);
    });
  }

  /** Counts tokens and builds a vocabulary of them. `RangeError` for a bad option. */
  static build(tokens: Iterable<string>, options: VocabularyOptions = {}): Vocabulary {
    const counts = new Map<string, number>();
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    return Vocabulary.fromCounts(counts, options);
  }

  /** Builds a vocabulary of counted tokens; with `lowercase`, counts of the same lower-cased token are added. */
  static fromCounts(
    counts: Iterable<readonly [string, number]>,
    options: VocabularyOptions = {},
  ): Vocabulary {
    const { minFrequency = 1, maxSize = Number.POSITIVE_INFINITY, lowercase = true } = options;
    if (!(minFrequency >= 1)) throw new RangeError(`minFrequency must be at least 1, got ${minFrequency}`);
    if (!(maxSize >= 2)) throw new RangeError(`maxSize must be at least 2, got ${maxSize}`);
    const folded = new Map<string, number>();
    for (const [token, count] of counts) {
      const key = lowercase ? token.toLowerCase() : token;
      // A text's own "<pad>" must never become padding: the reserved names are no words.
      if (key === PAD || key === UNKNOWN) continue;
      folded.set(key, (folded.get(key) ?? 0) + count);
    }
    const kept = [...folded].filter(([, count]) => count >= minFrequency);
    kept.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    const words = kept.slice(0, maxSize - 2).map(([token]) => token);
    return new Vocabulary([PAD, UNKNOWN, ...words], lowercase);
  }

  /** The vocabulary of {@link toJSON}'s data. {@link SquadFormatError}, naming `file`, where it isn't such data. */
  static fromJSON(data: unknown, file = '<vocabulary>'): Vocabulary {
    const bad = (problem: string) => new SquadFormatError({ file }, `not a vocabulary: ${problem}`);
    if (typeof data !== 'object' || data === null) throw bad('not an object');
    const { lowercase, tokens } = data as Partial<Record<keyof VocabularyData, unknown>>;
    if (typeof lowercase !== 'boolean') throw bad('"lowercase" must be true or false');
    if (!Array.isArray(tokens)) throw bad('"tokens" must be an array');
    const wrong = tokens.findIndex((token) => typeof token !== 'string');
    if (wrong !== -1) throw bad(`tokens[${wrong}] is not a string`);
    if (tokens[0] !== PAD || tokens[1] !== UNKNOWN) throw bad(`it must begin with ${PAD} and ${UNKNOWN}`);
    const vocabulary = new Vocabulary([...(tokens as string[])], lowercase);
    if (vocabulary.indices.size !== tokens.length) throw bad('a token occurs twice');
    return vocabulary;
  }

  toJSON(): VocabularyData {
    return { lowercase: this.lowercase, tokens: [...this.tokens] };
  }

  /** How many entries there are, the reserved ones included: the embedding's number of rows. */
  get size(): number {
    return this.tokens.length;
  }

  /** A token's index; 1 where it is unknown. */
  index(token: string): number {
    const index = this.indices.get(this.lowercase ? token.toLowerCase() : token);
    // The reserved names, met in a text, are unknown words.
    return index === undefined || index < 2 ? Vocabulary.unknownIndex : index;
  }

  /** Whether a token has an entry of its own. */
  has(token: string): boolean {
    return this.index(token) !== Vocabulary.unknownIndex;
  }

  /** The token at an index. `RangeError` where there is none. */
  token(index: number): string {
    const token = this.tokens[index];
    if (token === undefined) throw new RangeError(`no token ${index} in a vocabulary of ${this.size}`);
    return token;
  }

  /** The tokens' indices as int64 values. */
  encode(tokens: readonly string[]): BigInt64Array {
    return BigInt64Array.from(tokens, (token) => BigInt(this.index(token)));
  }
}
