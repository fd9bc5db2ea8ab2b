import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventWriter } from '../report/tensorboard.js';
import { labelOf, type TrialId } from './arms.js';
import type { AttackResult } from './attack.js';
import type { MetricRecord } from './metrics.js';

/** What is measured as TensorBoard's event files, one folder for each arm and seed, written as the run goes. */
export class EventFiles {
  private readonly writers = new Map<string, EventWriter>();

  /**
   * @param folder What an earlier run has left there is removed.
   * @param step How many steps had been done when the run began: with more than none it goes on with the files.
   */
  constructor(
    private readonly folder: string,
    private readonly seeds: readonly number[],
    private readonly step: number,
  ) {
    if (step === 0) rmSync(folder, { recursive: true, force: true });
  }

  add(record: MetricRecord): void {
    const writer = this.writerOf(record);
    const { step } = record;
    switch (record.type) {
      case 'step':
        if (record.loss !== null) writer.addScalar('training/loss', record.loss, step);
        if (record.lossAdv !== null) writer.addScalar('training/adversarial loss', record.lossAdv, step);
        writer.addScalar('training/learning rate', record.learningRate, step);
        writer.addScalar('training/seconds a step', record.seconds, step);
        break;
      case 'evaluation':
        writer.addScalar('clean/EM', record.exactMatch, step);
        writer.addScalar('clean/F1', record.f1, step);
        break;
      case 'addsent':
        writer.addScalar('AddSent/EM', record.adversarial.exactMatch, step);
        writer.addScalar('AddSent/F1', record.adversarial.f1, step);
        break;
      case 'attack':
        writer.addText('attack', attackText(record), step);
    }
  }

  close(): void {
    for (const writer of this.writers.values()) writer.close();
    this.writers.clear();
  }

  private writerOf(id: TrialId): EventWriter {
    const label = labelOf(id, this.seeds);
    let writer = this.writers.get(label);
    if (writer === undefined) {
      writer = new EventWriter(join(this.folder, label), this.step > 0 ? { purgeStep: this.step + 1 } : {});
      this.writers.set(label, writer);
    }
    return writer;
  }
}

/** ε has an axis of its own, for which TensorBoard has no plot: a table. */
function attackText({ scores }: AttackResult): string {
  const rows = scores.map(
    ({ epsilon, attack, noise }) => `| ${epsilon} | ${attack.f1.toFixed(2)} | ${noise.f1.toFixed(2)} |`,
  );
  return ['| ε | F1 under attack | F1 under noise |', '| --- | --- | --- |', ...rows].join('\n');
}
