/** Single operators: their own table while they are measured, then their geometric means, and each one's ratio. */
import { cases } from '../operators/cases.js';
import { compareOperators, type OperatorResult, type Shape } from '../operators/compare.js';
import { describe, describeSummary, header, summarize } from '../operators/report.js';
import { root } from '../places.js';
import type { Measurement, Suite, SuiteOptions } from '../suite.js';

const shapes: readonly Shape[] = ['tiny', 'medium'];
/** For tiny shapes on one thread: the mean over all in plain code and in scopes, and any operator in plain code. */
const limits = { plain: 0.95, scopes: 0.8, one: 1.2 };

interface Place {
  shape: string;
  threads: number;
}

const placeName = ({ shape, threads }: Place): string =>
  `${shape}, ${threads} thread${threads > 1 ? 's' : ''}`;
const operatorName = (name: string, place: Place): string => `${name}, ${placeName(place)}`;
const groupName = (group: string, place: Place, form: 'plain' | 'scopes'): string =>
  `${group}: mean, ${placeName(place)}${form === 'plain' ? '' : ', in scopes'}`;

/** The groups that the wanted names need, for `compareOperators`; empty for all. */
function filterFor({ filter, wants }: SuiteOptions, place: Place): string | null {
  if (wants(groupName('all', place, 'plain')) || wants(groupName('all', place, 'scopes'))) return filter;
  const groups = new Set<string>();
  for (const [name, { group }] of Object.entries(cases)) {
    const names = [
      operatorName(name, place),
      groupName(group, place, 'plain'),
      groupName(group, place, 'scopes'),
    ];
    if (names.some(wants)) groups.add(group);
  }
  return groups.size === 0 ? null : [...groups].join(',');
}

const micro = (seconds: number): string => `${(seconds * 1e6).toFixed(2)} µs`;

function* rows(results: readonly OperatorResult[], place: Place): Generator<Measurement> {
  const limited = place.shape === 'tiny' && place.threads === 1;
  for (const result of results) {
    yield {
      name: operatorName(result.name, place),
      litorch: micro(result.plain),
      other: micro(result.python),
      ratio: result.plainRatio,
      ...(limited ? { limit: limits.one } : {}),
    };
  }
  for (const { group, operators, plain, tidied } of summarize(results)) {
    const note = `${operators} operators`;
    const limit = limited && group === 'all' ? limits : undefined;
    for (const [form, ratio] of [
      ['plain', plain],
      ['scopes', tidied],
    ] as const) {
      yield {
        name: groupName(group, place, form),
        litorch: '',
        other: '',
        ratio,
        ...(limit === undefined ? {} : { limit: limit[form] }),
        note,
      };
    }
  }
}

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  if (options.python === null) return;
  for (const threads of options.threads ?? [1]) {
    const programs = {
      litorch: [process.execPath, [`${root}dist/bench/operators/work.js`, String(threads)]],
      python: [options.python, [`${root}bench/operators/work.py`, String(threads)]],
    } satisfies Parameters<typeof compareOperators>[0];
    for (const shape of shapes.filter((one) => options.shapes.includes(one))) {
      const place = { shape, threads };
      const filter = filterFor(options, place);
      if (filter === null) continue;
      options.say(`\n${header}`);
      const results: OperatorResult[] = [];
      for await (const result of compareOperators(programs, {
        rounds: options.rounds ?? 15,
        shapes: [shape],
        filter,
        seconds: options.seconds,
      })) {
        results.push(result);
        options.say(describe(result));
      }
      if (results.length === 0) continue;
      options.say(`\n${describeSummary(summarize(results))}\n`);
      yield* rows(results, place);
    }
  }
}

export const operators: Suite = { name: 'operators', needsPython: true, measure };
