/** A token and where it stands: `text === source.slice(start, end)`, in string indices (UTF-16). */
export interface Token {
  text: string;
  start: number;
  /** Exclusive. */
  end: number;
}

/** Tokens `first` to `last`, both inclusive. */
export interface TokenSpan {
  first: number;
  last: number;
  /** Whether the tokens' outer borders are exactly those of the characters asked for. */
  exact: boolean;
}

const LETTERS = '[\\p{L}\\p{M}]+';
const WORD_END = '(?![\\p{L}\\p{M}\\p{N}])';

/**
 * What is one token, in the order in which it is tried:
 *  - letters in front of "n't", then "n't" itself: do|n't, ca|n't, as in the Penn treebank;
 *  - a clitic with its apostrophe: Beyoncé|'s, they|'re;
 *  - a number with its inner separators: 1,000 and 3.14, but 1990|s and 20|th;
 *  - a run of letters with their combining marks; hyphens always split, since answers begin and end there;
 *  - a run of dots, dashes, underscores, equals signs or stars, or a doubled quote;
 *  - anything else that is not a gap, one code point at a time.
 */
const TOKEN = new RegExp(
  [
    `${LETTERS}?(?=n['’]t${WORD_END})`,
    `n['’]t${WORD_END}`,
    `['’](?:s|m|d|re|ve|ll)${WORD_END}`,
    '\\p{N}+(?:[.,]\\p{N}+)*',
    LETTERS,
    "\\.{2,}|-{2,}|_{2,}|={2,}|\\*{2,}|``|''",
    '[^\\s\\p{Cc}\\u200b\\u2060\\ufeff]',
  ].join('|'),
  'giu',
);

/**
 * Splits text into words, numbers and punctuation. White space, control characters and zero-width spaces belong to
 * no token; every other character belongs to exactly one. Letter case and spelling are left as they are.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const start = match.index;
    tokens.push({ text: match[0], start, end: start + match[0].length });
  }
  return tokens;
}

/**
 * The smallest run of tokens that covers the characters `start` to `end` (exclusive), or `null` where no token
 * touches them (or there are no such characters).
 */
export function alignSpan(tokens: readonly Token[], start: number, end: number): TokenSpan | null {
  if (start >= end) return null;
  const first = firstIndex(tokens, (token) => token.end > start);
  const last = firstIndex(tokens, (token) => token.start >= end) - 1;
  const head = tokens[first];
  const tail = tokens[last];
  if (head === undefined || tail === undefined || first > last) return null;
  return { first, last, exact: head.start === start && tail.end === end };
}

/** The original text of the tokens `first` to `last`, both inclusive. `RangeError` where there is no such run. */
export function spanText(text: string, tokens: readonly Token[], first: number, last: number): string {
  const head = tokens[first];
  const tail = tokens[last];
  if (head === undefined || tail === undefined || first > last) {
    throw new RangeError(`no tokens ${first} to ${last} among ${tokens.length}`);
  }
  return text.slice(head.start, tail.end);
}

/** Binary search: the first index whose token passes, the length if none does. Once one passes, all later do. */
function firstIndex(tokens: readonly Token[], passes: (token: Token) => boolean): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(tokens[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
