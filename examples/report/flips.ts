/** Examples whose answer is another under the attack. */
import { html, type Markup } from './markup.js';
import { short } from './numbers.js';
import { lookOf } from './palette.js';
import { shaded } from './tokens.js';
import type { Flip } from './types.js';

/** One example as a card. */
export function flipCard(flip: Flip, arms: readonly string[]): Markup {
  const largest = Math.max(0, ...[...flip.question, ...flip.context].map(({ size }) => size));
  const { color } = lookOf(arms.indexOf(flip.arm), 0, false);
  return html`<article class="flip card">
<header><h3><span class="dot" style="background:${color}"></span>${flip.arm}, ε = ${short(flip.epsilon)}</h3><span class="id">${flip.id}</span></header>
<dl class="answers">
<dt>Gold</dt><dd>${flip.gold.length === 0 ? '–' : [...new Set(flip.gold)].join(' · ')}</dd>
<dt>Clean</dt><dd><mark class="before">${answer(flip.before)}</mark></dd>
<dt>Attacked</dt><dd><mark class="after">${answer(flip.after)}</mark></dd>
</dl>
${flip.question.length > 0 && html`<p class="text question">${shaded(flip.question, largest)}</p>`}
${flip.context.length > 0 && html`<p class="text">${shaded(flip.context, largest)}</p>`}
<p class="scale"><span>perturbation 0</span><span class="ramp" aria-hidden="true"></span><span>${short(largest)}</span></p>
</article>
`;
}

/** How to read the cards. */
export function flipKey(): Markup {
  return html`<p class="key">The stronger a token's shade, the larger its perturbation; each example has its own scale. The <mark class="before">line below</mark> is under the answer on clean input, the <mark class="after">line above</mark> is over the answer under attack.</p>`;
}

function answer(text: string): string {
  return text === '' ? '(empty)' : text;
}
