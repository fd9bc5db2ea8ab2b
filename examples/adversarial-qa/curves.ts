/** The curves of a run. */
import { aggregateCurves } from '../report/aggregate.js';
import type { Panel, Series } from '../report/types.js';
import type { ArmName } from './arms.js';
import type { AttackScore } from './attack.js';
import type { Score } from './evaluate.js';
import type { StepRecord } from './metrics.js';
import type { Results } from './results.js';

/** The loss in training, F1 after each epoch, and what is right under the attack; those of which there is something. */
export function panelsOf(results: Results): { loss: Panel; f1: Panel; attackF1: Panel; attackEm: Panel } {
  return {
    loss: lossPanel(results),
    f1: scorePanel(results),
    attackF1: attackPanel(results, 'F1', ({ f1 }) => f1),
    attackEm: attackPanel(results, 'EM', ({ exactMatch }) => exactMatch),
  };
}

/** How many points a curve of the loss has at most. */
const POINTS = 150;

function lossPanel(results: Results): Panel {
  const { arms, metrics } = results;
  const trials = arms.flatMap((arm) => results.trials(arm));
  const steps = Math.max(0, ...trials.map((id) => metrics.steps(id).at(-1)?.step ?? 0));
  const stretch = Math.max(1, Math.ceil(steps / POINTS));
  const line = (arm: ArmName, of: (step: StepRecord) => number | null) =>
    aggregateCurves(results.trials(arm).map((id) => smooth(metrics.steps(id), stretch, steps, of)));
  return {
    title: 'loss in training',
    xName: 'step',
    yName: 'loss',
    series: arms.flatMap((arm): Series[] =>
      some([
        { arm, name: arm, points: line(arm, ({ loss }) => loss) },
        { arm, name: `${arm}, adversarial`, points: line(arm, ({ lossAdv }) => lossAdv) },
      ]),
    ),
    caption:
      "An arm's adversarial loss is its loss under the perturbation, or the divergence that the method adds.",
  };
}

/** The means of stretches of so many steps, at their ends: the same places for all seeds, however far each went. */
function smooth(
  steps: readonly StepRecord[],
  stretch: number,
  last: number,
  of: (step: StepRecord) => number | null,
): { x: number; y: number }[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const step of steps) {
    const value = of(step);
    if (value === null) continue;
    const x = Math.min(last, Math.ceil(step.step / stretch) * stretch);
    const there = sums.get(x) ?? { sum: 0, count: 0 };
    sums.set(x, { sum: there.sum + value, count: there.count + 1 });
  }
  return [...sums].map(([x, { sum, count }]) => ({ x, y: sum / count }));
}

function scorePanel(results: Results): Panel {
  return {
    title: 'F1 on clean questions, %',
    xName: 'epoch',
    yName: 'F1, %',
    fromZero: true,
    series: results.arms.flatMap((arm): Series[] =>
      some([
        {
          arm,
          points: aggregateCurves(
            results
              .trials(arm)
              .map((id) => results.metrics.evaluations(id).map(({ epoch, f1 }) => ({ x: epoch, y: f1 }))),
          ),
        },
      ]),
    ),
  };
}

function attackPanel(results: Results, name: string, of: (score: Score) => number): Panel {
  const line = (arm: ArmName, kind: (score: AttackScore) => Score) =>
    aggregateCurves(
      results.trials(arm).map((id) =>
        (results.metrics.attack(id)?.scores ?? []).map((score) => ({
          x: score.epsilon,
          y: of(kind(score)),
        })),
      ),
    );
  return {
    title: `${name} under attack, %`,
    xName: 'ε',
    yName: `${name}, %`,
    fromZero: true,
    series: results.arms.flatMap((arm): Series[] =>
      some([
        { arm, points: line(arm, ({ attack }) => attack) },
        { arm, control: true, points: line(arm, ({ noise }) => noise) },
      ]),
    ),
    caption:
      'Each question by the worst of several attacks of norm ε; dashed, of as many random perturbations.',
  };
}

const some = (series: readonly Series[]): Series[] => series.filter(({ points }) => points.length > 0);
