import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { init } from 'echarts';
import { writeWhole } from '../report/files.js';
import type { Panel, Series } from '../report/types.js';

const WIDTH = 1200;
const HEIGHT = 460;
const FONT = 'DejaVu Sans';
/** The colours of the arms, in their order. */
const COLORS = ['#3366aa', '#cc5511', '#228855', '#aa3377', '#887700', '#555566', '#00889a', '#994422'];

/** Writes panels side by side to two files, as SVG and as PNG. */
export function writeChart(
  svgPath: string,
  pngPath: string,
  arms: readonly string[],
  panels: readonly Panel[],
): void {
  const svg = drawChart(arms, panels);
  writeWhole(svgPath, svg);
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const font = {
    loadSystemFonts: false,
    fontFiles: [join(fonts, 'DejaVuSans.ttf')],
    defaultFontFamily: FONT,
  };
  writeWhole(pngPath, new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng());
}

/** The panels that have something in them, side by side, as SVG. */
export function drawChart(arms: readonly string[], all: readonly Panel[]): string {
  const panels = all.filter(({ series }) => series.length > 0);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const share = 100 / Math.max(1, panels.length);
  const left = (i: number) => `${i * share + 4}%`;
  const most = Math.max(0, ...panels.map(({ series }) => series.length));
  const top = 60 + 16 * Math.ceil(most / 2);
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: panels.map((panel, i) => ({
      text: panel.title,
      left: `${(i + 0.5) * share + 1}%`,
      textAlign: 'center' as const,
      top: 12,
      textStyle: { fontFamily: FONT, fontSize: 15, fontWeight: 'normal' as const },
    })),
    legend: panels.map((panel, i) => ({
      data: panel.series.map((line) => `${panel.title}: ${nameOf(line)}`),
      formatter: (name: string) => name.slice(panel.title.length + 2),
      left: left(i),
      width: `${share - 5}%`,
      top: 38,
      itemWidth: 26,
      itemGap: 18,
      itemHeight: 8,
      textStyle: { fontSize: 10 },
    })),
    grid: panels.map((_, i) => ({ left: left(i), width: `${share - 6}%`, top, bottom: 52 })),
    xAxis: panels.map((panel, i) => ({
      gridIndex: i,
      type: 'value' as const,
      name: panel.xName,
      nameLocation: 'middle' as const,
      nameGap: 28,
      min: 0,
      max: Math.max(0, ...panel.series.flatMap(({ points }) => points.map(({ x }) => x))),
      minInterval: panel.series.every(({ points }) => points.every(({ x }) => Number.isInteger(x))) ? 1 : 0,
      splitLine: { show: false },
      axisLabel: { showMaxLabel: true, hideOverlap: true },
    })),
    yAxis: panels.map((panel, i) => ({
      gridIndex: i,
      type: 'value' as const,
      scale: !panel.fromZero,
      splitLine: { lineStyle: { color: '#e4e4e4' } },
    })),
    series: panels.flatMap((panel, i) =>
      panel.series.map((line) => {
        const nth = panel.series.filter((other) => other.arm === line.arm).indexOf(line);
        return {
          type: 'line' as const,
          name: `${panel.title}: ${nameOf(line)}`,
          xAxisIndex: i,
          yAxisIndex: i,
          data: line.points.map(({ x, mean }) => [x, mean]),
          symbol: line.points.length > 30 ? 'none' : 'circle',
          symbolSize: 7,
          color: COLORS[arms.indexOf(line.arm) % COLORS.length]!,
          lineStyle: { width: 2, type: nth > 0 ? ('dashed' as const) : ('solid' as const) },
        };
      }),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function nameOf({ arm, control, name }: Series): string {
  return name ?? (control ? `${arm}, random` : arm);
}
