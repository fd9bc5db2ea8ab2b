import type { Data } from './data.js';
import type { Evaluation } from './evaluate.js';
import type { ArmName } from './options.js';

const COUNT = 3;

/** Prints a few questions, evenly spread over those evaluated on, with the gold answers and those of each arm. */
export function printSamples({ dev, questions }: Data, evaluations: ReadonlyMap<ArmName, Evaluation>): void {
  for (let i = 0; i < Math.min(COUNT, dev.length); i++) {
    const example = dev[Math.floor(((i + 0.5) * dev.length) / COUNT)]!;
    console.log(`\n${questions.get(example.id)}`);
    console.log(`  ${'gold'.padEnd(12)} ${[...new Set(example.answers)].join(' | ')}`);
    for (const [name, { answers }] of evaluations) {
      const { text, confidence } = answers.get(example.id)!;
      console.log(`  ${name.padEnd(12)} ${text} (${(100 * confidence).toFixed(0)} % sure)`);
    }
  }
}
