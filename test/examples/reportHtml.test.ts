/** The report's parts, without a browser. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { aggregate, aggregateCurves, thin } from '../../examples/report/aggregate.js';
import { renderHtmlReport, writeHtmlReport } from '../../examples/report/html.js';
import { html, Markup } from '../../examples/report/markup.js';
import { fixed, short } from '../../examples/report/numbers.js';
import { lookOf } from '../../examples/report/palette.js';
import { pieceAround, shaded } from '../../examples/report/tokens.js';
import type { Report, ShadedToken } from '../../examples/report/types.js';
import { ReportError } from '../../examples/report/validate.js';
import { HOSTILE, sample } from './reportSample.js';

const folder = mkdtempSync(join(tmpdir(), 'litorch-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const empty: Report = {
  title: 'Nothing yet',
  command: '',
  settings: {},
  arms: [],
  panels: [],
  tables: [],
  flips: [],
};

describe('several seeds', () => {
  test('the mean and the deviation of a sample', () => {
    expect(aggregate([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7) });
    expect(aggregate([3])).toEqual({ mean: 3 });
    expect(aggregate([])).toBeNull();
    expect(aggregate([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, deviation: 0 });
    expect(aggregate([1, Number.NaN])!.mean).toBeNaN();
    // Far from 0 the squares of the values themselves would have no digits left.
    expect(aggregate([1e9, 1e9 + 1, 1e9 + 2])).toEqual({ mean: 1e9 + 1, deviation: 1 });
  });

  test('curves meet where their places do', () => {
    const curves = [
      [
        { x: 2, y: 3 },
        { x: 1, y: 1 },
      ],
      [{ x: 1, y: 3 }],
    ];
    expect(aggregateCurves(curves)).toEqual([
      { x: 1, mean: 2, deviation: Math.SQRT2 },
      { x: 2, mean: 3 },
    ]);
  });

  test('long curves are thinned to means of stretches, short ones stay', () => {
    const curve = Array.from({ length: 1000 }, (_, i) => ({ x: i, y: 2 * i }));
    const thinned = thin(curve, 100);
    expect(thinned).toHaveLength(100);
    expect(thinned[1]).toEqual({ x: 14.5, y: 29 });
    expect(thin(curve.slice(0, 7))).toEqual(curve.slice(0, 7));
  });
});

describe('numbers', () => {
  test.each([
    [12.345, 2, '12.35'],
    [-0.5, 1, '−0.5'],
    [1204, 0, '1,204'],
    [0, 2, '0.00'],
    [0.00012, 2, '0.00012'],
    [3.21e12, 1, '3210000000000'],
    [Number.NaN, 2, 'NaN'],
    [Number.NEGATIVE_INFINITY, 2, '−∞'],
  ])('%d with %i digits is %s', (value, digits, text) => {
    expect(fixed(value, digits)).toBe(text);
  });

  test('three digits say enough', () => {
    expect([0.98765, 1234.5, 5, -2e-9, Number.POSITIVE_INFINITY].map(short)).toEqual([
      '0.988',
      '1230',
      '5',
      '−2e−9',
      '∞',
    ]);
  });
});

describe('markup', () => {
  test('texts are escaped, pieces are not, and nothing is nothing', () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;
    expect(html`<p title="${'"\''}">${inner}${[1, 'x', inner]}${null}${false}${undefined}</p>`.source).toBe(
      '<p title="&#34;&#39;"><b>a &#60; b &#38; &#34;c&#34;</b>1x<b>a &#60; b &#38; &#34;c&#34;</b></p>',
    );
    expect(inner).toBeInstanceOf(Markup);
  });

  test('no text of a report becomes a tag, wherever it stands', () => {
    const evil = `${HOSTILE}<script>1</script>`;
    const page = renderHtmlReport({
      title: evil,
      subtitle: evil,
      command: evil,
      settings: { [evil]: evil },
      arms: [evil],
      panels: [
        {
          title: evil,
          caption: evil,
          xName: evil,
          yName: evil,
          series: [
            {
              arm: evil,
              name: evil,
              points: [
                { x: 0, mean: 1, deviation: 1 },
                { x: 1, mean: 2 },
              ],
            },
          ],
        },
      ],
      tables: [
        {
          title: evil,
          caption: evil,
          columns: [{ name: evil, unit: evil }],
          rows: [{ label: evil, arm: evil, cells: [evil] }],
        },
      ],
      flips: [
        {
          arm: evil,
          epsilon: 1,
          id: evil,
          gold: [evil],
          before: evil,
          after: evil,
          question: [{ text: evil, size: 1 }],
          context: [{ text: evil, size: 0, inBefore: true, inAfter: true }],
        },
      ],
      notes: [evil],
    });
    expect(page).not.toMatch(/<(img|script)\b/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.match(/<\/table>/g)).toHaveLength(2);
    expect(page.match(/onerror/g)!.length).toBeGreaterThan(20);
  });
});

describe('the page', () => {
  test('needs nothing from elsewhere', () => {
    const page = renderHtmlReport(sample);
    // The names of SVG's namespaces are no addresses to fetch.
    const addresses = page
      .replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')
      .match(/(https?:)?\/\/[\w.]+|url\((?!#)|@import/g);
    expect(addresses ?? []).toEqual([]);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;');
  });

  test('is there for a report without anything, and for curves without values', () => {
    expect(renderHtmlReport(empty)).toContain('<h1>Nothing yet</h1>');
    const points = [{ x: 1, mean: Number.NaN }];
    const panel = { title: 'Lost', xName: 'step', yName: 'loss', series: [{ arm: 'fgm', points }] };
    const page = renderHtmlReport({ ...empty, arms: ['fgm'], panels: [panel, { ...panel, series: [] }] });
    expect(page).toContain('fgm: no values.');
    expect(page.match(/class="panel card"/g)).toHaveLength(2);
  });

  test('appears whole or not at all', () => {
    const path = join(folder, 'report.html');
    writeFileSync(path, 'the one before');
    const bad = { ...empty, flips: [{ ...sample.flips[0]!, arm: 'fgsm' }] };
    expect(() => writeHtmlReport(path, bad)).toThrow(ReportError);
    expect(readFileSync(path, 'utf8')).toBe('the one before');
    writeHtmlReport(path, sample);
    expect(readFileSync(path, 'utf8') === renderHtmlReport(sample)).toBe(true);
    expect(readdirSync(folder)).toEqual(['report.html']);
    expect(() => writeHtmlReport(join(folder, 'missing', 'report.html'), empty)).toThrow('ENOENT');
  });

  const panel = sample.panels[2]!;
  const table = sample.tables[0]!;
  const flip = sample.flips[0]!;
  test.each<[Partial<Report>, string]>([
    [{ arms: ['fgm', 'fgm'] }, 'not all different'],
    [
      { panels: [{ ...panel, series: [{ arm: 'fgsm', points: [] }] }] },
      'panel "After one epoch": no arm "fgsm"',
    ],
    [
      {
        panels: [
          {
            ...panel,
            series: [
              {
                arm: 'fgm',
                points: [
                  { x: 2, mean: 1 },
                  { x: 1, mean: 1 },
                ],
              },
            ],
          },
        ],
      },
      "fgm's points are not in ascending order",
    ],
    [{ tables: [{ ...table, rows: [{ label: 'all', cells: ['1'] }] }] }, 'row "all": 1 cells for 7 columns'],
    [{ flips: [{ ...flip, arm: 'fgsm' }] }, 'example lighthouse-1: no arm "fgsm"'],
    [{ flips: [{ ...flip, question: [{ text: 'Who', size: Number.NaN }] }] }, 'of "Who" has size NaN'],
    [{ flips: [{ ...flip, context: [{ text: 'it', size: -1 }] }] }, 'of "it" has size -1'],
  ])('a report that contradicts itself is refused: %#', (part, message) => {
    expect(() => renderHtmlReport({ ...sample, ...part })).toThrow(ReportError);
    expect(() => renderHtmlReport({ ...sample, ...part })).toThrow(message);
  });
});

describe('tokens', () => {
  const words = (count: number, answers: Record<number, Partial<ShadedToken>> = {}): ShadedToken[] =>
    Array.from({ length: count }, (_, i) => ({ text: `w${i}`, size: 0, ...answers[i] }));
  const textOf = (markup: Markup) => markup.source.replace(/<[^>]*>/g, '');

  test('a short text is whole, a long one is cut around its answers', () => {
    expect(pieceAround(words(110))).toEqual([{ from: 0, to: 110 }]);
    expect(pieceAround(words(400))).toEqual([{ from: 0, to: 110 }]);
    const far = words(400, { 50: { inBefore: true }, 300: { inAfter: true } });
    expect(pieceAround(far)).toEqual([
      { from: 22, to: 79 },
      { from: 272, to: 329 },
    ]);
    const near = words(400, { 20: { inBefore: true }, 60: { inAfter: true }, 61: { inAfter: true } });
    expect(pieceAround(near)).toEqual([{ from: 0, to: 90 }]);
    expect(pieceAround(words(120, { 119: { inAfter: true } }))).toEqual([{ from: 91, to: 120 }]);
    expect(textOf(shaded(far, 1))).toMatch(/^… {1,2}w22 .* w78 ?… {1,2}w272 .* w328 …$/);
    expect(textOf(shaded(near, 1))).toMatch(/^w0 .* w89 …$/);
  });

  test('punctuation stands as it is written', () => {
    const tokens = "Who ( if any ) was “ Ada ” , the keeper 's sister ?"
      .split(' ')
      .map((text) => ({ text, size: 1 }));
    expect(textOf(shaded(tokens, 1))).toBe('Who (if any) was “Ada”, the keeper&#39;s sister?');
    expect(
      textOf(
        shaded(
          [
            { text: 'a', size: 0 },
            { text: '-', size: 0, spaceBefore: false },
          ],
          0,
        ),
      ),
    ).toBe('a-');
  });

  test('a token has its share of the largest perturbation, and its answers their marks', () => {
    const tokens: ShadedToken[] = [
      { text: 'a', size: 0 },
      { text: 'b', size: 1, inBefore: true },
      { text: 'c', size: 2, inBefore: true, inAfter: true },
      { text: 'd', size: 4, inAfter: true },
    ];
    const { source } = shaded(tokens, 4);
    expect([...source.matchAll(/--share:([\d.]+)/g)].map(([, share]) => share)).toEqual([
      '0.000',
      '0.250',
      '0.500',
      '1.000',
    ]);
    expect([...source.matchAll(/<mark class="([^"]*)">/g)].map(([, marks]) => marks)).toEqual([
      'before',
      'before after',
      'after',
    ]);
    // Without any perturbation there is no largest one to divide by.
    expect(shaded([{ text: 'a', size: 0 }], 0).source).toContain('--share:0.000');
  });
});

test('35 arms have looks that differ, and an arm, its control and its second line too', () => {
  const look = (index: number, nth: number, control: boolean) => JSON.stringify(lookOf(index, nth, control));
  const looks = Array.from({ length: 35 }, (_, i) => [
    look(i, 0, false),
    look(i, 1, false),
    look(i, 0, true),
  ]).flat();
  expect(new Set(looks).size).toBe(105);
});
