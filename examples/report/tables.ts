/** The report's tables. */
import { html, type Markup } from './markup.js';
import { fixed } from './numbers.js';
import { lookOf } from './palette.js';
import type { Column, Measured, Row, Table } from './types.js';

/** Digits after the point where a column names none. */
const DIGITS = 2;

/** A table, in a frame that scrolls by itself where the page is too narrow. */
export function table(data: Table, arms: readonly string[]): Markup {
  // All of a column's values leave as much room for a deviation as its longest takes, so that points stand in line.
  const rooms = data.columns.map(({ digits }, i) =>
    Math.max(0, ...data.rows.map(({ cells }) => deviationOf(cells[i]!, digits).length)),
  );
  return html`<section class="card"><h3>${data.title}</h3>${data.caption !== undefined && html`<p>${data.caption}</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="${data.title}"><table>
<thead><tr><td></td>${data.columns.map(head)}</tr></thead>
<tbody>${data.rows.map(
    (row) => html`<tr><th scope="row">${dot(row, arms)}${row.label}</th>${data.columns.map((column, i) =>
      cellOf(row.cells[i]!, column.digits, rooms[i]!),
    )}</tr>
`,
  )}</tbody>
</table></div></section>`;
}

function head({ name, unit }: Column): Markup {
  return html`<th scope="col">${name}${unit !== undefined && html` <span class="unit">${unit}</span>`}</th>`;
}

function dot({ arm }: Row, arms: readonly string[]): Markup | false {
  if (arm === undefined) return false;
  return html`<span class="dot" style="background:${lookOf(arms.indexOf(arm), 0, false).color}"></span>`;
}

function cellOf(cell: Measured | string | null, digits: number | undefined, room: number): Markup {
  if (cell === null) return html`<td class="none">–</td>`;
  if (typeof cell === 'string') return html`<td>${cell}</td>`;
  const mean = fixed(cell.mean, digits ?? DIGITS);
  if (room === 0) return html`<td>${mean}</td>`;
  return html`<td>${mean} <span class="deviation" style="min-width:${room}ch">${deviationOf(cell, digits)}</span></td>`;
}

function deviationOf(cell: Measured | string | null, digits = DIGITS): string {
  if (cell === null || typeof cell === 'string' || cell.deviation === undefined) return '';
  return `± ${fixed(cell.deviation, digits)}`;
}
