export interface SpanOptions {
  /** Longest answer, in tokens. Default 15, as DrQA's and SAN's. */
  maxLength?: number;
  /** How many of the scores belong to real tokens; the rest is padding. Default: all. */
  length?: number;
  /** Whether the scores are log-probabilities (or logits), which are added, or probabilities, which are multiplied. */
  log?: boolean;
}

export interface ScoredSpan {
  /** First and last token, both inclusive. */
  start: number;
  end: number;
  /** The sum, or the product, of the two scores, in double precision. */
  score: number;
}

/**
 * The best answer: the span with the largest `start[i] * end[j]` (`+` with `log`, the default) among those with
 * `i <= j < i + maxLength`; the smallest start, then the smallest end, where several are equal.
 *
 * `RangeError` where the lengths differ or don't fit, or a score is NaN: a network that has diverged has no answer.
 */
export function bestSpan(
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  options: SpanOptions = {},
): ScoredSpan {
  const { maxLength = 15, length = start.length, log = true } = options;
  if (start.length !== end.length)
    throw new RangeError(`${start.length} start scores but ${end.length} end scores`);
  if (!Number.isInteger(length) || length < 1 || length > start.length) {
    throw new RangeError(`length must be an integer from 1 to ${start.length}, got ${length}`);
  }
  checkMaxLength(maxLength);
  return search(start, end, 0, length, maxLength, log);
}

export interface BatchSpanOptions {
  /** The width T of the score arrays' rows. */
  width: number;
  /** Real tokens of each row, as in a batch's `contextLengths`. Default: all of the width. */
  lengths?: ArrayLike<number | bigint>;
  maxLength?: number;
  log?: boolean;
}

/** {@link bestSpan} for each row of `[B, T]` scores in row-major order. */
export function bestSpans(
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  { width, lengths, maxLength = 15, log = true }: BatchSpanOptions,
): ScoredSpan[] {
  if (start.length !== end.length)
    throw new RangeError(`${start.length} start scores but ${end.length} end scores`);
  if (!Number.isInteger(width) || width < 1 || start.length % width !== 0) {
    throw new RangeError(`${start.length} scores do not make rows of ${width}`);
  }
  const rows = start.length / width;
  if (lengths !== undefined && lengths.length !== rows)
    throw new RangeError(`${lengths.length} lengths, ${rows} rows`);
  checkMaxLength(maxLength);
  return Array.from({ length: rows }, (_, row) => {
    const length = lengths === undefined ? width : Number(lengths[row]);
    if (!Number.isInteger(length) || length < 1 || length > width) {
      throw new RangeError(`row ${row}: length must be an integer from 1 to ${width}, got ${length}`);
    }
    return search(start, end, row * width, length, maxLength, log);
  });
}

function checkMaxLength(maxLength: number): void {
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new RangeError(`maxLength must be a positive integer, got ${maxLength}`);
  }
}

function search(
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  offset: number,
  length: number,
  maxLength: number,
  log: boolean,
): ScoredSpan {
  const best: ScoredSpan = { start: -1, end: -1, score: Number.NaN };
  for (let i = 0; i < length; i++) {
    const head = start[offset + i]!;
    const limit = Math.min(length, i + maxLength);
    for (let j = i; j < limit; j++) {
      const tail = end[offset + j]!;
      const score = log ? head + tail : head * tail;
      if (Number.isNaN(score)) throw new RangeError(`the scores of tokens ${i} and ${j} give no number`);
      if (best.start === -1 || score > best.score) {
        best.start = i;
        best.end = j;
        best.score = score;
      }
    }
  }
  return best;
}
