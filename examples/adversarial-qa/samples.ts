import type { Arm } from './arm.js';
import type { Data } from './data.js';
import type { Evaluation } from './evaluate.js';

const COUNT = 3;

/** Prints a few questions, evenly spread over those evaluated on, with the gold answers and those of each arm. */
export function printSamples({ dev, questions }: Data, evaluations: ReadonlyMap<Arm, Evaluation>): void {
  const [first] = evaluations.keys();
  // Of several seeds one is enough.
  const shown = [...evaluations].filter(([{ id }]) => id.seed === first?.id.seed);
  for (let i = 0; i < Math.min(COUNT, dev.length); i++) {
    const example = dev[Math.floor(((i + 0.5) * dev.length) / COUNT)]!;
    console.log(`\n${questions.get(example.id)}`);
    console.log(`  ${'gold'.padEnd(12)} ${[...new Set(example.answers)].join(' | ')}`);
    for (const [{ id }, { answers }] of shown) {
      const { text, confidence } = answers.get(example.id)!;
      console.log(`  ${id.arm.padEnd(12)} ${text} (${(100 * confidence).toFixed(0)} % sure)`);
    }
  }
}
