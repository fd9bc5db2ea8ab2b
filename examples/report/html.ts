/**
 * A report as one HTML file that needs nothing else: no network, no script, no font. It follows the reader's choice of
 * a light or a dark page.
 */

import { figure } from './figure.js';
import { writeWhole } from './files.js';
import { flipCard, flipKey } from './flips.js';
import { html, Markup } from './markup.js';
import { STYLE } from './style.js';
import { table } from './tables.js';
import type { Report } from './types.js';
import { validate } from './validate.js';

/** Settings beyond this many are folded away. */
const SHOWN_SETTINGS = 9;

/** What the page may load: its own style, and nothing from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * Writes a report to a file, which appears whole or not at all.
 *
 * @throws ReportError where the report contradicts itself; nothing is written then.
 */
export function writeHtmlReport(path: string, report: Report): void {
  writeWhole(path, renderHtmlReport(report));
}

/** The text of the page that {@link writeHtmlReport} writes. */
export function renderHtmlReport(report: Report): string {
  validate(report);
  const { arms, flips, notes = [], panels, subtitle, tables, title } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${subtitle !== undefined && html`<p class="subtitle">${subtitle}</p>`}
<pre><code>${report.command}</code></pre>
${settings(report.settings)}
${notes.length > 0 && html`<section class="notes">${notes.map((note) => html`<p>${note}</p>`)}</section>`}
${tables.length > 0 && html`<h2>Results</h2>${tables.map((one) => table(one, arms))}`}
${panels.length > 0 && html`<h2>Curves</h2><div class="panels">${panels.map((one, i) => figure(one, arms, `panel-${i}`))}</div>`}
${flips.length > 0 && html`<h2>Answers that flip under attack</h2>${flipKey()}${flips.map((one) => flipCard(one, arms))}`}
</main>
</body>
</html>
`.source;
}

function settings(all: Report['settings']): Markup | null {
  const entries = Object.entries(all);
  if (entries.length === 0) return null;
  return html`<details${entries.length <= SHOWN_SETTINGS && html` open`}><summary>Settings (${entries.length})</summary>
<dl class="settings">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl></details>`;
}
