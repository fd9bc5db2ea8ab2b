import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { StepResult } from './arm.js';
import type { TrialId } from './arms.js';
import type { AttackResult } from './attack.js';
import type { Progress } from './checkpoint.js';
import type { Score } from './evaluate.js';

/** One training step of one arm. */
export interface StepRecord extends TrialId, StepResult {
  type: 'step';
  step: number;
  epoch: number;
}

/** The clean scores of one arm after an epoch. */
export interface EvaluationRecord extends TrialId, Score {
  type: 'evaluation';
  step: number;
  epoch: number;
  questions: number;
  seconds: number;
  /** Whether it is the best of the arm so far. */
  best: boolean;
}

/** The scores of one arm under attack, at the end of the run. */
export interface AttackRecord extends TrialId, AttackResult {
  type: 'attack';
  step: number;
  questions: number;
  seconds: number;
}

/** The AddSent scores of one arm, at the end of the run: of the originals, and of each question's worst variant. */
export interface AddSentRecord extends TrialId {
  type: 'addsent';
  step: number;
  clean: Score;
  adversarial: Score;
  /** Questions that were asked, variants apart. */
  questions: number;
  seconds: number;
}

export type MetricRecord = StepRecord | EvaluationRecord | AttackRecord | AddSentRecord;
type RecordOf<Type> = Extract<MetricRecord, { type: Type }>;

/** Everything that was measured, kept in memory and, line by line as JSON, in a file. */
export class Metrics {
  private readonly records: MetricRecord[] = [];
  private readonly stepsByTrial = new Map<string, StepRecord[]>();
  private readonly path: string;
  private pending = '';

  /**
   * Begins anew, or goes on with what the file has up to the progress: steps and evaluations. What is measured at the end
   * of a run is measured again.
   *
   * @param onAdd Is told of each new record.
   */
  constructor(
    path: string,
    { step, epoch }: Progress,
    private readonly onAdd: (record: MetricRecord) => void = () => {},
  ) {
    this.path = path;
    const isKept = (record: MetricRecord) =>
      (record.type === 'step' && record.step <= step) ||
      (record.type === 'evaluation' && record.epoch <= epoch);
    const kept = step > 0 && existsSync(path) ? linesOf(path).filter(isKept) : [];
    for (const record of kept) this.keep(record);
    writeFileSync(path, this.records.map(lineOf).join(''));
  }

  add(record: MetricRecord): void {
    this.keep(record);
    this.onAdd(record);
    this.pending += lineOf(record);
    if (record.type !== 'step' || this.pending.length > 1 << 14) this.flush();
  }

  flush(): void {
    appendFileSync(this.path, this.pending);
    this.pending = '';
  }

  steps(id: TrialId): readonly StepRecord[] {
    return this.stepsByTrial.get(keyOf(id)) ?? [];
  }

  evaluations(id: TrialId): EvaluationRecord[] {
    return this.of('evaluation', id);
  }

  attack(id: TrialId): AttackRecord | undefined {
    return this.of('attack', id).at(-1);
  }

  addsent(id: TrialId): AddSentRecord | undefined {
    return this.of('addsent', id).at(-1);
  }

  private of<Type extends MetricRecord['type']>(type: Type, { arm, seed }: TrialId): RecordOf<Type>[] {
    return this.records.filter(
      (one): one is RecordOf<Type> => one.type === type && one.arm === arm && one.seed === seed,
    );
  }

  private keep(record: MetricRecord): void {
    this.records.push(record);
    if (record.type !== 'step') return;
    const key = keyOf(record);
    const steps = this.stepsByTrial.get(key) ?? [];
    this.stepsByTrial.set(key, steps);
    steps.push(record);
  }
}

const keyOf = ({ arm, seed }: TrialId): string => `${arm} ${seed}`;

function lineOf(record: MetricRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The whole lines of a file that {@link Metrics} writes; a last one that a crash has cut off is left out. */
export function linesOf(path: string): MetricRecord[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as MetricRecord]));
}
