/** The normal form in which SQuAD compares answers, with the meaning that Python gives to each of its steps. */

/** Python's `string.punctuation`: the 32 ASCII characters that are neither letters, digits, spaces nor controls. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** Python's `\b` around the articles: `\w` is a letter or number of any script, or the underscore, and no mark. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** What Python's `str.split()` splits at. JavaScript's `\s` lacks U+001C to U+001F and U+0085 and adds U+FEFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these controls are white space to Python
const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The words of an answer's normal form. */
export function answerWords(text: string): string[] {
  const bare = text.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' ');
  return bare.split(SPACE).filter((word) => word !== '');
}

/**
 * Lower case, without ASCII punctuation (nothing put in its place) and the words "a", "an" and "the", with single
 * spaces: the official script's `normalize_answer`.
 */
export function normalizeAnswer(text: string): string {
  return answerWords(text).join(' ');
}
