/** A panel as a figure: title, legend, plot, what it shows in words, and its numbers. */
import { html, Markup } from './markup.js';
import { short } from './numbers.js';
import { type Look, lookOf, markerPath } from './palette.js';
import { drawPanel, type Line, linesOf } from './plot.js';
import type { Panel } from './types.js';

/** Panels with more different places than this are curves to look at, and their numbers nothing to read. */
const LISTED = 24;

/** The figure of a panel, `id` being what its parts are called by. */
export function figure(panel: Panel, arms: readonly string[], id: string): Markup {
  const lines = linesOf(panel, arms);
  // The drawing's own escaping is ECharts'; its texts are the axes' names and numbers.
  const svg = new Markup(drawPanel(panel, lines, id));
  return html`<figure id="${id}" class="panel card">
<figcaption><h3 id="${id}-title">${panel.title}</h3>${panel.caption !== undefined && html`<p>${panel.caption}</p>`}</figcaption>
<ul class="legend" aria-label="Lines">${legend(panel, lines)}</ul>
<div class="plot" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-words">${svg}</div>
<p class="words" id="${id}-words">${words(panel, lines)}</p>
${numbers(panel, lines)}</figure>`;
}

/** One entry a line; the controls without a name of their own, which look alike, have one together. */
function legend(panel: Panel, lines: readonly Line[]): Markup[] {
  const common = panel.series.map(({ control, name }) => control === true && name === undefined);
  const entries = lines.filter((_, i) => !common[i]).map(({ name, look }) => entry(name, look));
  if (!common.includes(true)) return entries;
  return [...entries, entry('random control of each', { ...lookOf(0, 0, true), color: 'var(--muted)' })];
}

function entry(name: string, look: Look): Markup {
  return html`<li>${swatch(look)}${name}</li>`;
}

function swatch(look: Look): Markup {
  const style = look.hollow ? `fill:var(--card);stroke:${look.color};stroke-width:.28` : `fill:${look.color}`;
  return html`<svg class="swatch" viewBox="0 0 34 12" aria-hidden="true"><path d="M1 6H33" fill="none" style="stroke:${look.color}" stroke-width="2"${look.dash !== '' && html` stroke-dasharray="${look.dash}"`}/><path d="${markerPath(look.marker)}" transform="translate(17 6) scale(4.5)" style="${style}"/></svg>`;
}

/** What one who can't see the plot is told. */
function words(panel: Panel, lines: readonly Line[]): string {
  const each = lines.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return `${name}: no values.`;
    const begin = `${short(first.mean)} at ${short(first.x)}`;
    return first === last
      ? `${name}: ${begin}.`
      : `${name}: from ${begin} to ${short(last.mean)} at ${short(last.x)}.`;
  });
  return [`${panel.yName} against ${panel.xName}.`, ...each].join(' ');
}

function numbers(panel: Panel, lines: readonly Line[]): Markup | null {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  if (xs.length > LISTED) return null;
  const cell = (line: Line, x: number) => {
    const point = line.points.find((one) => one.x === x);
    if (!point) return html`<td>–</td>`;
    return html`<td>${short(point.mean)}${point.deviation !== undefined && html` <span class="deviation">± ${short(point.deviation)}</span>`}</td>`;
  };
  return html`<details><summary>The numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="The numbers of ${panel.title}"><table>
<thead><tr><th scope="col">${panel.xName}</th>${lines.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${xs.map((x) => html`<tr><th scope="row">${short(x)}</th>${lines.map((line) => cell(line, x))}</tr>`)}</tbody>
</table></div></details>`;
}
