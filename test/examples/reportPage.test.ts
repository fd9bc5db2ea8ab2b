/** The report as a person sees it: opened from the disk in a browser without a window. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { writeHtmlReport } from '../../examples/report/html.js';
import { root } from '../support/python.js';
import { findBrowser } from './reportBrowser.js';
import { contrast, overflow, plots, shades, tableTexts } from './reportProbe.js';
import { ARMS, HOSTILE, sample } from './reportSample.js';

const program = findBrowser();
const describeWithBrowser = program === null ? describe.skip : describe;
const note = program === null ? ' (skipped: there is no chromium; CHROMIUM may name one)' : '';

/** Where the pictures stay, for a look. */
const pictures = join(root, 'build', 'report');
let folder: string;
let path: string;
let browser: Browser;

/** The arms' colours on a light page, as the browser gives them. */
const ARM_COLORS = new Set(
  ['0,102,168', '204,85,0', '0,128,92', '168,50,122', '122,100,0', '77,77,87', '106,63,196'].map(
    (color) => `rgb(${color.replaceAll(',', ', ')})`,
  ),
);

interface Opened {
  page: Page;
  requests: string[];
  complaints: string[];
}

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const opened: Opened = { page, requests: [], complaints: [] };
  page.on('request', (request) => opened.requests.push(request.url()));
  page.on('console', (message) => opened.complaints.push(message.text()));
  page.on('pageerror', (error) => opened.complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    opened.complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
  return opened;
}

describeWithBrowser(`the report in a browser${note}`, () => {
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'litorch-report-'));
    path = join(folder, 'report.html');
    writeHtmlReport(path, sample);
    browser = await chromium.launch({ executablePath: program!, timeout: 90_000 });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    [400, 'light'],
    [400, 'dark'],
    [1200, 'light'],
    [1200, 'dark'],
  ] as const)('at %i pixels, %s: asks for nothing, fits, and can be read', async (width, scheme) => {
    const { page, requests, complaints } = await open(width, scheme);
    // What is folded away counts too.
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.locator('details[open]').count()).toBe(await page.locator('details').count());
    expect(requests).toEqual([pathToFileURL(path).href]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(overflow)).toEqual({ content: width, window: width, outside: [] });
    const { lowest, poor, texts } = await page.evaluate(contrast, 4.5);
    expect(poor).toEqual([]);
    expect(texts).toBeGreaterThan(200);
    expect(lowest).toBeLessThan(21);
    const picture = join(pictures, `report-${width}-${scheme}.png`);
    await page.screenshot({ path: picture, fullPage: true });
    const png = readFileSync(picture);
    expect(png.readUInt32BE(16)).toBe(width);
    expect(png.readUInt32BE(20)).toBeGreaterThan(1500);
    await page.context().close();
  });

  test('the page is light or dark as the reader wants, down to the plots', async () => {
    const [light, dark] = await Promise.all([open(900, 'light'), open(900, 'dark')]);
    const grounds = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await grounds(light.page)).toBe('rgb(246, 247, 249)');
    expect(await grounds(dark.page)).toBe('rgb(18, 21, 26)');
    const colors = async (page: Page) =>
      (await page.evaluate(plots)).map(({ paths }) => new Set(paths.map(({ stroke }) => stroke)));
    const [ofLight, ofDark] = [await colors(light.page), await colors(dark.page)];
    expect(ofLight[1]).toContain('rgb(0, 102, 168)');
    expect(ofDark[1]).toContain('rgb(94, 179, 240)');
    expect(ofDark[1]).not.toContain('rgb(0, 102, 168)');
    await Promise.all([light.page.context().close(), dark.page.context().close()]);
  });

  describe('at 1000 pixels', () => {
    let page: Page;
    beforeAll(async () => {
      ({ page } = await open(1000, 'light'));
    });

    test('each panel has its curves, visible and of some size', async () => {
      const drawn = await page.evaluate(plots);
      expect(drawn).toHaveLength(sample.panels.length);
      drawn.forEach(({ box, paths, texts }, i) => {
        const panel = sample.panels[i]!;
        expect(box.width).toBeGreaterThan(250);
        expect(box.height).toBeGreaterThan(180);
        expect(texts).toEqual(expect.arrayContaining([panel.xName, panel.yName]));
        for (const { x, y, width, height } of paths.filter(({ width, height }) => width + height > 0)) {
          expect(x).toBeGreaterThanOrEqual(box.x - 1);
          expect(y).toBeGreaterThanOrEqual(box.y - 1);
          expect(x + width).toBeLessThanOrEqual(box.x + box.width + 1);
          expect(y + height).toBeLessThanOrEqual(box.y + box.height + 1);
        }
      });
      const [loss, attack, one] = drawn;
      // A curve is an outline of more than half the plot's width; a band is an area without one.
      const curves = (paths: typeof loss) =>
        paths!.paths.filter(
          ({ width, height, fill, stroke }) =>
            width > paths!.box.width / 2 && height > 1 && fill === 'none' && stroke !== 'none',
        );
      const colorful = (paths: typeof loss) => curves(paths).filter(({ stroke }) => ARM_COLORS.has(stroke));
      expect(new Set(colorful(loss).map(({ stroke }) => stroke)).size).toBe(ARMS.length);
      expect(colorful(attack).filter(({ dashed }) => !dashed)).toHaveLength(ARMS.length);
      expect(colorful(attack).filter(({ dashed }) => dashed)).toHaveLength(ARMS.length);
      const bands = attack!.paths.filter(
        ({ width, height, fill }) => width > attack!.box.width / 2 && height > 2 && ARM_COLORS.has(fill),
      );
      expect(bands).toHaveLength(2 * ARMS.length);
      // One epoch alone: points with a bar each, beside one another.
      const bars = one!.paths.filter(({ height, stroke }) => height > 20 && ARM_COLORS.has(stroke));
      expect(bars).toHaveLength(2);
      expect(Math.abs(bars[0]!.x - bars[1]!.x)).toBeGreaterThan(40);
    });

    test('plots say in words what they show', async () => {
      const figure = page.getByRole('img', { name: 'F1 against ε' });
      expect(await figure.count()).toBe(1);
      const id = await figure.getAttribute('aria-describedby');
      const words = await page.locator(`#${id}`).textContent();
      expect(words).toContain('F1, % against ε.');
      expect(words).toContain('none: from 70 at 0 to 2.02 at 5.');
      expect(words).toContain('none, random: from 68 at 0 to 63.5 at 5.');
    });

    test('the table has its numbers, to the right and of one width', async () => {
      const { rows, alignments, numerals } = await page.evaluate(tableTexts);
      expect(rows[0]).toEqual([
        '',
        'EM %',
        'F1 %',
        'AddSent F1 %',
        'F1 at ε = 5 %',
        'step ms',
        'peak memory MiB',
        'device',
      ]);
      expect(rows).toHaveLength(1 + ARMS.length);
      expect(rows[3]).toEqual([
        'forum',
        '58.80 ± 0.41',
        '69.27 ± 12.50',
        '38.20 ± 0.92',
        '6.50 ± 0.50',
        '81.2',
        '2,228',
        'cpu',
      ]);
      expect(rows[2]![3]).toBe('–');
      expect(rows[4]![4]).toBe('9.50');
      expect(alignments).toEqual(['right']);
      expect(numerals).toEqual(['tabular-nums']);
    });

    test('the larger a perturbation, the stronger the shade of its token', async () => {
      const examples = await page.evaluate(shades);
      expect(examples).toHaveLength(sample.flips.length);
      for (const tokens of examples) {
        const sorted = [...tokens].sort((a, b) => a.share - b.share);
        expect(sorted.at(-1)!.share).toBe(1);
        sorted.slice(1).forEach((token, i) => {
          const before = sorted[i]!;
          // The browser keeps 8 bits or so of an opacity.
          expect(token.alpha).toBeGreaterThanOrEqual(before.alpha - 0.005);
        });
        expect(sorted.at(-1)!.alpha - sorted[0]!.alpha).toBeGreaterThan(0.5);
        expect(new Set(tokens.map(({ background }) => background)).size).toBeGreaterThan(6);
      }
    });

    test('texts are texts', async () => {
      expect(await page.locator('img, table img, script, iframe, link[rel=stylesheet]').count()).toBe(0);
      // A note, a setting, and of one example the id, the gold answer and the question.
      expect(await page.getByText(HOSTILE).count()).toBe(5);
    });
  });
});
