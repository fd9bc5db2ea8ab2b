import type { Found } from 'litorch/adversarial';
import type { SquadBatch, SquadExample } from 'litorch/squad';
import { type Answer, numbersOf } from './evaluate.js';
import type { Predictions } from './loss.js';

/** How many are kept of each arm. */
const COUNT = 3;

/** A question whose answer was right and is wrong under an attack. */
export interface FlipRecord {
  id: string;
  /** The norm of the whole perturbation. */
  epsilon: number;
  before: Pick<Answer, 'text' | 'start' | 'end'>;
  after: Pick<Answer, 'text' | 'start' | 'end'>;
  /** The norm of each token's perturbation. */
  context: number[];
  question: number[];
}

/** Collects the first such questions, each once. */
export class Flips {
  readonly records: FlipRecord[] = [];

  constructor(private readonly epsilon: number) {}

  /** Looks through a batch's answers before an attack and under it. */
  add(
    examples: readonly SquadExample[],
    batch: SquadBatch,
    found: Found<Predictions>,
    before: readonly Answer[],
    after: readonly Answer[],
  ): void {
    if (this.records.length >= COUNT) return;
    batch.ids.forEach((id, row) => {
      // Right before, and not a word of it right after.
      if (before[row]!.exactMatch === 0 || after[row]!.f1 > 0 || this.records.length >= COUNT) return;
      if (this.records.some((record) => record.id === id)) return;
      const [context, question] = found.deltas.map((delta) =>
        Array.from(numbersOf(delta.select(0, row).norm(2, -1)), (size) => Number(size.toPrecision(4))),
      );
      const example = examples[batch.indices[row]!]!;
      this.records.push({
        id,
        epsilon: this.epsilon,
        before: spanOf(before[row]!),
        after: spanOf(after[row]!),
        context: context!.slice(0, example.context.length),
        question: question!.slice(0, example.question.length),
      });
    });
  }
}

function spanOf({ text, start, end }: Answer): FlipRecord['before'] {
  return { text, start, end };
}
