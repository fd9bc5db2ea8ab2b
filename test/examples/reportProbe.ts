/**
 * Questions to a page. Each function runs in the browser, so it holds all that it needs; what it uses of the browser is
 * declared here, since the project is compiled without the browser's types.
 */

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Style {
  color: string;
  fill: string;
  stroke: string;
  strokeDasharray: string;
  backgroundColor: string;
  visibility: string;
  textAlign: string;
  fontVariantNumeric: string;
}

interface ElementOfPage {
  tagName: string;
  textContent: string;
  parentElement: ElementOfPage | null;
  childNodes: Iterable<{ nodeType: number; textContent: string }>;
  scrollWidth: number;
  clientWidth: number;
  style: { getPropertyValue(name: string): string };
  getBoundingClientRect(): Box;
  closest(selector: string): ElementOfPage | null;
  querySelectorAll(selector: string): Iterable<ElementOfPage>;
}

declare const document: {
  documentElement: ElementOfPage;
  querySelectorAll(selector: string): Iterable<ElementOfPage>;
};
declare function getComputedStyle(element: ElementOfPage): Style;

/** How wide the page is against its window, and what sticks out of the window without a frame that scrolls. */
export function overflow(): { content: number; window: number; outside: string[] } {
  const { scrollWidth: content, clientWidth: window } = document.documentElement;
  const outside = [...document.querySelectorAll('body *')]
    .filter((element) => {
      const { x, width } = element.getBoundingClientRect();
      return width > 0 && (x < -1 || x + width > window + 1) && !element.closest('.scroll, .words');
    })
    .map((element) => `${element.tagName}: ${element.textContent.slice(0, 40)}`);
  return { content, window, outside };
}

/** A drawn path of a plot: its box in pixels, and the colours that it has in the end. */
export interface DrawnPath extends Box {
  fill: string;
  stroke: string;
  dashed: boolean;
}

/** By panel: its plot's box, its paths, and its texts. */
export function plots(): { box: Box; paths: DrawnPath[]; texts: string[] }[] {
  const plain = ({ x, y, width, height }: Box): Box => ({ x, y, width, height });
  return [...document.querySelectorAll('.plot > svg, .plot > div > svg')].map((svg) => ({
    box: plain(svg.getBoundingClientRect()),
    paths: [...svg.querySelectorAll('path, polyline, polygon')].map((path) => {
      const { fill, stroke, strokeDasharray } = getComputedStyle(path);
      return { ...plain(path.getBoundingClientRect()), fill, stroke, dashed: strokeDasharray !== 'none' };
    }),
    texts: [...svg.querySelectorAll('text')].map((text) => text.textContent),
  }));
}

/** The tokens of each example: their text, their share of the largest perturbation, and their ground's opacity. */
export function shades(): { text: string; share: number; background: string; alpha: number }[][] {
  return [...document.querySelectorAll('.flip')].map((flip) =>
    [...flip.querySelectorAll('.token')].map((token) => {
      const background = getComputedStyle(token).backgroundColor;
      const numbers = (background.match(/[\d.]+/g) ?? []).map(Number);
      return {
        text: token.textContent,
        share: Number(token.style.getPropertyValue('--share')),
        background,
        alpha: numbers.length > 3 ? numbers[3]! : 1,
      };
    }),
  );
}

/** The report's first table, as it is read: the visible texts of its cells, and how its numbers stand. */
export function tableTexts(): { rows: string[][]; alignments: string[]; numerals: string[] } {
  const cells = [...document.querySelectorAll('section.card table td')];
  const read = (element: ElementOfPage) => element.textContent.replace(/\s+/g, ' ').trim();
  const table = [...document.querySelectorAll('section.card table')][0]!;
  return {
    rows: [...table.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map(read)),
    alignments: [...new Set(cells.slice(1).map((cell) => getComputedStyle(cell).textAlign))],
    numerals: [...new Set(cells.map((cell) => getComputedStyle(cell).fontVariantNumeric))],
  };
}

/** The texts whose contrast with what is behind them (WCAG 2's relative luminance) is below `least`, and the lowest. */
export function contrast(least: number): { lowest: number; texts: number; poor: string[] } {
  type Rgba = [number, number, number, number];
  const parse = (color: string): Rgba => {
    const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a]: Rgba, [R, G, B]: Rgba): Rgba => [
    r * a + R * (1 - a),
    g * a + G * (1 - a),
    b * a + B * (1 - a),
    1,
  ];
  /** From the element outwards until something is opaque, then back over one another. */
  const ground = (element: ElementOfPage): Rgba => {
    const own = parse(getComputedStyle(element).backgroundColor);
    if (own[3] >= 1) return own;
    return over(own, element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1]);
  };
  const luminance = ([r, g, b]: Rgba) => {
    const part = (value: number) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const poor: string[] = [];
  let lowest = 21;
  let texts = 0;
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    const { width, height } = element.getBoundingClientRect();
    if (!own || width * height <= 1) continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const front = over(parse(element.tagName === 'text' ? style.fill : style.color), behind);
    const [light, dark] = [luminance(front), luminance(behind)].sort((a, b) => b - a) as [number, number];
    const ratio = (light + 0.05) / (dark + 0.05);
    texts += 1;
    lowest = Math.min(lowest, ratio);
    if (ratio < least) poor.push(`${ratio.toFixed(2)}: ${element.textContent.slice(0, 40)}`);
  }
  return { lowest, texts, poor };
}
