/**
 * The guard against regressions: ratios that were recorded, and what became of them. A ratio compares litorch with
 * something that ran beside it, so a record made on one machine says something on another too.
 */

/** Recorded ratios by suite and name. */
export type Recorded = Record<string, Record<string, number>>;

/** A ratio may be above the recorded one by this part of it. */
export const tolerance = 0.15;

export type Verdict = 'ok' | 'better' | 'above' | 'new' | 'missing';

export interface Judgement {
  suite: string;
  name: string;
  recorded: number | undefined;
  /** What was measured, the repeat's ratio where there was one; undefined where nothing was. */
  ratio: number | undefined;
  /** The first ratio, where it was above and so was measured again. */
  first?: number;
  verdict: Verdict;
}

/** What was measured of a suite, and whether that is all of it. */
export interface Measured {
  suite: string;
  ratios: ReadonlyMap<string, number>;
  complete: boolean;
}

function verdictOn(ratio: number, recorded: number | undefined): Verdict {
  if (recorded === undefined) return 'new';
  // What is no number is nothing to pass with.
  if (!(ratio <= recorded * (1 + tolerance))) return 'above';
  return ratio < recorded / (1 + tolerance) ? 'better' : 'ok';
}

/**
 * Each measured ratio against the recorded one, and what is recorded of a complete suite but was not measured: a case
 * that is gone would otherwise never fail again.
 */
export function judge(recorded: Recorded, measured: Measured): Judgement[] {
  const { suite, ratios, complete } = measured;
  const before = recorded[suite] ?? {};
  const judgements = [...ratios].map(([name, ratio]): Judgement => {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    return { suite, name, recorded: known, ratio, verdict: verdictOn(ratio, known) };
  });
  if (!complete) return judgements;
  for (const [name, ratio] of Object.entries(before)) {
    if (!ratios.has(name)) {
      judgements.push({ suite, name, recorded: ratio, ratio: undefined, verdict: 'missing' });
    }
  }
  return judgements;
}

/** The judgements with the repeat's ratios in the place of those that were above. */
export function judgeAgain(
  judgements: readonly Judgement[],
  repeated: ReadonlyMap<string, number>,
): Judgement[] {
  return judgements.map((judgement) => {
    const ratio = repeated.get(judgement.name);
    if (judgement.verdict !== 'above' || judgement.ratio === undefined || ratio === undefined)
      return judgement;
    return { ...judgement, ratio, first: judgement.ratio, verdict: verdictOn(ratio, judgement.recorded) };
  });
}

/** Whether the guard lets it pass: nothing above, nothing gone. What is new is no regression. */
export const passed = (judgements: readonly Judgement[]): boolean =>
  judgements.every(({ verdict }) => verdict !== 'above' && verdict !== 'missing');

/**
 * The record with the measured ratios in it, to three digits, suites and names in order. What was not measured
 * stays, but in a complete suite, where it is gone.
 */
export function record(recorded: Recorded, measured: readonly Measured[]): Recorded {
  const updated: Recorded = { ...recorded };
  for (const { suite, ratios, complete } of measured) {
    const rounded = [...ratios].map(([name, ratio]): [string, number] => [
      name,
      Number(ratio.toPrecision(3)),
    ]);
    updated[suite] = { ...(complete ? {} : updated[suite]), ...Object.fromEntries(rounded) };
  }
  const inOrder = <T>(of: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
  return inOrder(Object.fromEntries(Object.entries(updated).map(([suite, of]) => [suite, inOrder(of)])));
}

/** Reads a record. @throws Error where it isn't one. */
export function parseRecorded(text: string): Recorded {
  const value: unknown = JSON.parse(text);
  const isObject = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  if (!isObject(value)) throw new Error('the record of ratios is no object');
  for (const [suite, of] of Object.entries(value)) {
    if (!isObject(of)) throw new Error(`the record of suite '${suite}' is no object`);
    for (const [name, ratio] of Object.entries(of)) {
      if (typeof ratio !== 'number' || !(ratio > 0)) {
        throw new Error(`the recorded ratio of '${name}' in suite '${suite}' is no positive number`);
      }
    }
  }
  return value as Recorded;
}

const words: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  better: 'better: record it',
  above: 'REGRESSED',
  new: 'not recorded',
  missing: 'NOT MEASURED',
};

/** The judgements as a table; those that need no attention are counted only. */
export function describeJudgements(judgements: readonly Judgement[]): string {
  const number = (value: number | undefined): string =>
    (value === undefined ? '-' : value.toFixed(3)).padStart(9);
  const head = `${'case'.padEnd(56)} ${'recorded'.padStart(9)} ${'measured'.padStart(9)} ${'change'.padStart(8)}`;
  const lines = judgements
    .filter(({ verdict, first }) => verdict !== 'ok' || first !== undefined)
    .map(({ suite, name, recorded, ratio, first, verdict }) => {
      const change =
        recorded === undefined || ratio === undefined
          ? '-'
          : `${((ratio / recorded - 1) * 100).toFixed(1)} %`;
      const again = first === undefined ? '' : ` (${first.toFixed(3)} at first)`;
      const place = `${suite}: ${name}`.padEnd(56);
      return `${place} ${number(recorded)} ${number(ratio)} ${change.padStart(8)} ${words[verdict]}${again}`;
    });
  const fine = judgements.filter(({ verdict }) => verdict === 'ok').length;
  const limit = `${Math.round(tolerance * 100)} %`;
  const sum = `${fine} of ${judgements.length} within ${limit} of their recorded ratios`;
  return lines.length === 0 ? sum : [head, ...lines, sum].join('\n');
}
