/** A panel's curves as SVG, drawn without a browser. Its colours are CSS variables, so that it follows the page's. */
import { type CustomSeriesOption, init, type LineSeriesOption } from 'echarts';
import { type Look, lookOf, markerPath } from './palette.js';
import type { Panel, Point, Series } from './types.js';

/** The drawing's own size in pixels; the page scales it. */
const WIDTH = 390;
const HEIGHT = 300;
const FONT = 'system-ui, sans-serif';
const FONT_SIZE = 13;
/** Lines with more points than this show a marker at some of them only. */
const MARKED = 14;

/** A line as it is drawn: its points are finite, and it has a name that no other line of the panel has. */
export interface Line {
  name: string;
  look: Look;
  points: readonly Point[];
}

/** The lines of a panel, in its order. Points that aren't finite leave a gap at most. */
export function linesOf(panel: Panel, arms: readonly string[]): Line[] {
  const drawn = new Map<string, number>();
  return panel.series.map((series) => {
    const nth = drawn.get(series.arm) ?? 0;
    if (!series.control) drawn.set(series.arm, nth + 1);
    return {
      name: nameOf(series),
      look: lookOf(arms.indexOf(series.arm), nth, series.control ?? false),
      points: series.points.filter(({ x, mean }) => Number.isFinite(x) && Number.isFinite(mean)),
    };
  });
}

/** What a line is called where it has no name of its own. */
export function nameOf({ arm, control, name }: Series): string {
  return name ?? (control ? `${arm}, random` : arm);
}

/** The SVG of a panel, whose names begin with `id`. The same panel gives the same text. */
export function drawPanel(panel: Panel, lines: readonly Line[], id: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))];
    const drawn = xs.length === 1 ? sideBySide(lines) : lines;
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: FONT, fontSize: FONT_SIZE },
      grid: { left: 58, right: 18, top: 14, bottom: 50 },
      xAxis: xAxis(panel.xName, xs),
      yAxis: { ...axis(panel.yName, 44), ...yRange(panel, lines) },
      series: [...drawn.flatMap(spread), ...drawn.map(curve)],
    });
    return tidy(chart.renderToSVGString({ useViewBox: true }), id);
  } finally {
    chart.dispose();
  }
}

/** Takes out what is for ECharts' own script alone, and its names, which count the drawings of the program. */
function tidy(svg: string, id: string): string {
  return svg
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/ id="zr\d+-/g, ` id="${id}-`)
    .replace(/url\(#zr\d+-/g, `url(#${id}-`);
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });

function numberLabel(value: number): string {
  return compact.format(value).replace('-', '−');
}

function axis(name: string, gap: number, label: (value: number) => string = numberLabel): object {
  const line = { color: 'var(--rule)' };
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: gap,
    nameTextStyle: { color: 'var(--muted)', fontSize: FONT_SIZE, fontFamily: FONT },
    axisLabel: {
      color: 'var(--muted)',
      fontSize: FONT_SIZE - 1,
      fontFamily: FONT,
      hideOverlap: true,
      formatter: label,
    },
    axisLine: { show: true, lineStyle: line },
    axisTick: { show: true, lineStyle: line },
    splitLine: { lineStyle: { color: 'var(--grid)' } },
    splitNumber: 4,
  };
}

function xAxis(name: string, xs: readonly number[]): object {
  const least = Math.min(...xs);
  const most = Math.max(...xs);
  const plain = { ...axis(name, 32), splitLine: { show: false } };
  if (xs.length === 0) return plain;
  if (xs.length > 1) {
    const min = least >= 0 && least <= most / 4 ? 0 : least;
    return { ...plain, min, max: most, minInterval: xs.every(Number.isInteger) ? 1 : 0 };
  }
  const only = (value: number) => (value === least ? numberLabel(value) : '');
  return { ...axis(name, 32, only), splitLine: { show: false }, min: least - 1, max: least + 1, interval: 1 };
}

/** Lines of one point each, all at the same place, beside one another. */
function sideBySide(lines: readonly Line[]): Line[] {
  const shift = (i: number) => ((i + 0.5) / lines.length - 0.5) * 1.6;
  return lines.map((line, i) => ({
    ...line,
    points: line.points.map((one) => ({ ...one, x: one.x + shift(i) })),
  }));
}

function yRange(panel: Panel, lines: readonly Line[]): object {
  const ys = lines.flatMap(({ points }) => points.map(({ mean }) => mean));
  const least = Math.min(...ys);
  const near = least >= 0 && least < Math.max(...ys) / 2;
  return (panel.fromZero ?? near) ? { min: 0 } : { scale: true };
}

function curve({ name, look, points }: Line, place: number): LineSeriesOption {
  // Markers of different lines go to different places, so that none covers another.
  const stride = points.length > MARKED ? Math.ceil(points.length / 6) : 1;
  const marked = (i: number) => (i + place * Math.ceil(stride / 3)) % stride === 0;
  return {
    type: 'line',
    name,
    data: points.map(({ x, mean }, i) => ({
      value: [x, mean],
      symbol: marked(i) ? `path://${markerPath(look.marker)}` : 'none',
    })),
    showAllSymbol: true,
    symbolSize: look.hollow ? 8 : 9,
    lineStyle: {
      color: look.color,
      width: look.hollow ? 1.6 : 2.2,
      type: look.dash === '' ? 'solid' : look.dash.split(' ').map(Number),
    },
    itemStyle: {
      color: look.hollow ? 'var(--card)' : look.color,
      borderColor: look.hollow ? look.color : 'var(--card)',
      borderWidth: look.hollow ? 1.5 : 1,
      opacity: 1,
    },
    emphasis: { disabled: true },
    silent: true,
    z: 3,
  };
}

/** A band from one deviation below the mean to one above, with a bar where there is but one point. */
function spread({ look, points }: Line): CustomSeriesOption[] {
  const some = points.filter(({ deviation }) => Number.isFinite(deviation));
  if (some.length === 0) return [];
  const ends = some.map(({ x, mean, deviation }) => [x, mean - deviation!, mean + deviation!]);
  return [
    {
      type: 'custom',
      data: ends,
      encode: { x: 0, y: [1, 2] },
      clip: true,
      silent: true,
      z: 1,
      renderItem: (params, api) => {
        // The shape is one for all the points.
        if (params.dataIndex !== 0) return null;
        const low = ends.map(([x, y]) => api.coord([x!, y!]));
        const high = ends.map(([x, , y]) => api.coord([x!, y!]));
        if (ends.length === 1) {
          const [[x, bottom], [, top]] = [low[0] as [number, number], high[0] as [number, number]];
          const style = { stroke: look.color, lineWidth: 1.5, fill: 'none' };
          return { type: 'line', shape: { x1: x, y1: bottom, x2: x, y2: top }, style };
        }
        return {
          type: 'polygon',
          shape: { points: [...low, ...high.reverse()] },
          style: { fill: look.color, opacity: look.hollow ? 0.08 : 0.14 },
        };
      },
    },
  ];
}
