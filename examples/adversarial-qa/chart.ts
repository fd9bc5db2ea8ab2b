import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { init } from 'echarts';
import type { Metrics } from './metrics.js';
import type { ArmName } from './options.js';
import { mean } from './report.js';

const WIDTH = 1200;
const HEIGHT = 420;
const FONT = 'DejaVu Sans';
const COLORS: Record<ArmName, string> = { baseline: '#3366aa', adversarial: '#cc5511' };

type Point = [x: number, y: number];
interface Line {
  name: string;
  color: string;
  dashed?: boolean;
  points: Point[];
}
interface Panel {
  title: string;
  xName: string;
  lines: Line[];
  /** The right end of the horizontal axis, and whether it counts something whole. */
  xMax: number;
  counted: boolean;
  /** Whether each point is marked, rather than the line alone. */
  marked: boolean;
  /** Whether the vertical axis begins at 0. */
  fromZero: boolean;
}

/** Writes the curves of a run to two files, as SVG and as PNG. */
export function writeChart(
  svgPath: string,
  pngPath: string,
  arms: readonly ArmName[],
  metrics: Metrics,
): void {
  const svg = drawChart(arms, metrics);
  writeFileSync(svgPath, svg);
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const font = {
    loadSystemFonts: false,
    fontFiles: [join(fonts, 'DejaVuSans.ttf')],
    defaultFontFamily: FONT,
  };
  writeFileSync(pngPath, new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng());
}

/** Three panels: the loss in training, F1 after each epoch, and F1 under the attack; as SVG. */
export function drawChart(arms: readonly ArmName[], metrics: Metrics): string {
  const panels = [lossPanel(arms, metrics), scorePanel(arms, metrics), attackPanel(arms, metrics)].filter(
    (panel) => panel.lines.some((line) => line.points.length > 0),
  );
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const share = 100 / Math.max(1, panels.length);
  const left = (i: number) => `${i * share + 4}%`;
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
      data: panel.lines.map((line) => `${panel.title}: ${line.name}`),
      formatter: (name: string) => name.slice(panel.title.length + 2),
      left: left(i),
      width: `${share - 5}%`,
      top: 38,
      itemWidth: 34,
      textStyle: { fontSize: 11 },
    })),
    grid: panels.map((_, i) => ({ left: left(i), width: `${share - 6}%`, top: 92, bottom: 52 })),
    xAxis: panels.map((panel, i) => ({
      gridIndex: i,
      type: 'value' as const,
      name: panel.xName,
      nameLocation: 'middle' as const,
      nameGap: 28,
      min: 0,
      max: panel.xMax,
      minInterval: panel.counted ? 1 : 0,
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
      panel.lines.map((line) => ({
        type: 'line' as const,
        name: `${panel.title}: ${line.name}`,
        xAxisIndex: i,
        yAxisIndex: i,
        data: line.points,
        symbol: panel.marked ? 'circle' : 'none',
        symbolSize: 7,
        color: line.color,
        lineStyle: { width: 2, type: line.dashed ? ('dashed' as const) : ('solid' as const) },
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function lossPanel(arms: readonly ArmName[], metrics: Metrics): Panel {
  const lines = arms.flatMap((arm): Line[] => {
    const steps = metrics.steps(arm);
    const clean = smooth(steps.map(({ step, loss }) => [step, loss]));
    const adversarial = smooth(
      steps.flatMap(({ step, lossAdv }): Point[] => (lossAdv === null ? [] : [[step, lossAdv]])),
    );
    const color = COLORS[arm];
    return [
      { name: arm, color, points: clean },
      ...(adversarial.length > 0
        ? [{ name: `${arm}, perturbed`, color, dashed: true, points: adversarial }]
        : []),
    ];
  });
  const xMax = Math.max(0, ...arms.map((arm) => metrics.steps(arm).at(-1)?.step ?? 0));
  return {
    title: 'loss in training',
    xName: 'step',
    lines,
    xMax,
    counted: true,
    marked: false,
    fromZero: false,
  };
}

function scorePanel(arms: readonly ArmName[], metrics: Metrics): Panel {
  const lines = arms.map((arm): Line => {
    const points = metrics.evaluations(arm).map(({ epoch, f1 }): Point => [epoch, f1]);
    return { name: arm, color: COLORS[arm], points };
  });
  const xMax = Math.max(0, ...lines.flatMap(({ points }) => points.map(([x]) => x)));
  return {
    title: 'F1 on clean questions, %',
    xName: 'epoch',
    lines,
    xMax,
    counted: true,
    marked: true,
    fromZero: true,
  };
}

function attackPanel(arms: readonly ArmName[], metrics: Metrics): Panel {
  const lines = arms.flatMap((arm): Line[] => {
    const scores = metrics.attack(arm)?.scores ?? [];
    const color = COLORS[arm];
    return [
      { name: arm, color, points: scores.map(({ epsilon, attack }): Point => [epsilon, attack.f1]) },
      {
        name: `${arm}, noise`,
        color,
        dashed: true,
        points: scores.map(({ epsilon, noise }): Point => [epsilon, noise.f1]),
      },
    ];
  });
  const xMax = Math.max(0, ...lines.flatMap(({ points }) => points.map(([x]) => x)));
  const title = 'F1 under the embedding attack, %';
  return { title, xName: 'ε', lines, xMax, counted: false, marked: true, fromZero: true };
}

/** At most about 150 points, each the mean of its stretch. */
function smooth(points: Point[]): Point[] {
  const stretch = Math.max(1, Math.ceil(points.length / 150));
  const result: Point[] = [];
  for (let i = 0; i < points.length; i += stretch) {
    const some = points.slice(i, i + stretch);
    result.push([mean(some.map(([x]) => x))!, mean(some.map(([, y]) => y))!]);
  }
  return result;
}
