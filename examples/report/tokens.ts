/** A text as its tokens, each shaded by the size of its perturbation, with the answers marked. */
import { html, type Markup } from './markup.js';
import { short } from './numbers.js';
import type { ShadedToken } from './types.js';

/** Texts with more tokens than this are cut; this many are kept on either side of an answer. */
const LONG = 110;
const AROUND = 28;

/** Before these, and after those, there is no white space. */
const CLOSING = /^(?:[.,;:!?%)\]}’”…]|'s$|n't$|'[a-z]{1,2}$)/i;
const OPENING = /[([{“‘$£€]$/;

/**
 * The tokens as HTML.
 *
 * @param largest The size that has the strongest shade.
 */
export function shaded(tokens: readonly ShadedToken[], largest: number): Markup {
  const pieces = pieceAround(tokens);
  return html`${pieces.map(
    ({ from, to }) =>
      html`${from > 0 && html`<span class="cut">… </span>`}${runs(tokens, from, to).map((run) =>
        runOf(tokens, run, largest),
      )}${to < tokens.length && to === pieces.at(-1)!.to && html`<span class="cut"> …</span>`}`,
  )}`;
}

/** Tokens from `from` up to `to`, without it. */
interface Stretch {
  from: number;
  to: number;
}

/** What is shown of a text: all of a short one, and the neighbourhoods of a long one's answers. */
export function pieceAround(tokens: readonly ShadedToken[]): Stretch[] {
  if (tokens.length <= LONG) return [{ from: 0, to: tokens.length }];
  const pieces: Stretch[] = [];
  tokens.forEach(({ inBefore, inAfter }, i) => {
    if (!inBefore && !inAfter) return;
    const from = Math.max(0, i - AROUND);
    const to = Math.min(tokens.length, i + AROUND + 1);
    const last = pieces.at(-1);
    // A gap of a few tokens is no shorter than its ellipsis.
    if (last && from <= last.to + 3) last.to = to;
    else pieces.push({ from: from <= 3 ? 0 : from, to });
  });
  return pieces.length > 0 ? pieces : [{ from: 0, to: LONG }];
}

/** Stretches of tokens that are all in the same answers. */
function runs(tokens: readonly ShadedToken[], from: number, to: number): Stretch[] {
  const result: Stretch[] = [];
  for (let i = from; i < to; i++) {
    const last = result.at(-1);
    if (last && marksOf(tokens[last.from]!) === marksOf(tokens[i]!)) last.to = i + 1;
    else result.push({ from: i, to: i + 1 });
  }
  return result;
}

function runOf(tokens: readonly ShadedToken[], { from, to }: Stretch, largest: number): Markup {
  const spaced = (i: number) => i > 0 && spaceBetween(tokens[i - 1]!, tokens[i]!);
  const inner = tokens
    .slice(from, to)
    .map((token, i) => html`${i > 0 && spaced(from + i) && ' '}${one(token, largest)}`);
  const marks = marksOf(tokens[from]!);
  return html`${spaced(from) && ' '}${marks === '' ? inner : html`<mark class="${marks}">${inner}</mark>`}`;
}

function one({ text, size }: ShadedToken, largest: number): Markup {
  const share = largest > 0 ? size / largest : 0;
  return html`<span class="token" style="--share:${share.toFixed(3)}" title="${short(size)}">${text}</span>`;
}

function marksOf({ inBefore, inAfter }: ShadedToken): string {
  return [inBefore && 'before', inAfter && 'after'].filter(Boolean).join(' ');
}

function spaceBetween(left: ShadedToken, right: ShadedToken): boolean {
  return right.spaceBefore ?? !(CLOSING.test(right.text) || OPENING.test(left.text));
}
