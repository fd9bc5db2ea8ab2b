import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { StepResult } from './arm.js';
import type { AttackScore } from './attack.js';
import type { Score } from './evaluate.js';
import type { ArmName } from './options.js';

/** One training step of one arm. */
export interface StepRecord extends StepResult {
  type: 'step';
  arm: ArmName;
  step: number;
  epoch: number;
}

/** The clean scores of one arm after an epoch. */
export interface EvaluationRecord extends Score {
  type: 'evaluation';
  arm: ArmName;
  step: number;
  epoch: number;
  questions: number;
  seconds: number;
}

/** The scores of one arm under the embedding attack, at the end of the run. */
export interface AttackRecord {
  type: 'attack';
  arm: ArmName;
  step: number;
  questions: number;
  scores: AttackScore[];
  seconds: number;
}

export type MetricRecord = StepRecord | EvaluationRecord | AttackRecord;

/** Everything that was measured, kept in memory and, line by line as JSON, in a file. */
export class Metrics {
  private readonly records: MetricRecord[] = [];
  private readonly stepsByArm = new Map<ArmName, StepRecord[]>();
  private readonly path: string;
  private pending = '';

  /** Begins anew, or goes on with the lines that the file has up to `step`. */
  constructor(path: string, step: number) {
    this.path = path;
    const kept = step > 0 && existsSync(path) ? linesOf(path).filter((record) => record.step <= step) : [];
    for (const record of kept) this.keep(record);
    writeFileSync(path, this.records.map(lineOf).join(''));
  }

  add(record: MetricRecord): void {
    this.keep(record);
    this.pending += lineOf(record);
    if (record.type !== 'step' || this.pending.length > 1 << 14) this.flush();
  }

  flush(): void {
    appendFileSync(this.path, this.pending);
    this.pending = '';
  }

  steps(arm: ArmName): readonly StepRecord[] {
    return this.stepsByArm.get(arm) ?? [];
  }

  evaluations(arm: ArmName): EvaluationRecord[] {
    return this.records.filter(
      (one): one is EvaluationRecord => one.type === 'evaluation' && one.arm === arm,
    );
  }

  /** The latest attack on an arm. */
  attack(arm: ArmName): AttackRecord | undefined {
    return this.records.findLast((one): one is AttackRecord => one.type === 'attack' && one.arm === arm);
  }

  private keep(record: MetricRecord): void {
    this.records.push(record);
    if (record.type !== 'step') return;
    const steps = this.stepsByArm.get(record.arm) ?? [];
    this.stepsByArm.set(record.arm, steps);
    steps.push(record);
  }
}

function lineOf(record: MetricRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The whole lines of the file; a last one that a crash has cut off is left out. */
function linesOf(path: string): MetricRecord[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as MetricRecord]));
}
