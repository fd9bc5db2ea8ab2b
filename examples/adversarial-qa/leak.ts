/**
 * Does a network read the answer off the perturbation? The perturbation is made for a random span in place of the
 * gold answer; a network that only resists it has no reason to point there.
 *
 *     node dist/examples/adversarial-qa/leak.js out/adversarial-qa/checkpoint.safetensors [QUESTIONS]
 *
 * Prints, for each arm, how many of its answers overlap the random span without and with the perturbation.
 */
import torch, { type Tensor } from 'litorch';
import { withSwappedData } from 'litorch/adversarial';
import { bestSpans, SeededRandom, type SquadBatch, type SquadExample } from 'litorch/squad';
import { Arm } from './arm.js';
import { attackDirection, evalForAttack } from './attack.js';
import { type Batch, toTensors } from './batch.js';
import { loadRun, vocabularyOf } from './checkpoint.js';
import { loadData } from './data.js';
import { evaluationBatches } from './evaluate.js';
import type { Network } from './network.js';

const SPAN = 3;

torch.setNumThreads(1);

const [path, limit = '1000'] = process.argv.slice(2);
if (path === undefined) throw new Error('which checkpoint?');
const checkpoint = loadRun(path);
const { settings } = checkpoint;
const { vocabulary, dev } = loadData(settings, vocabularyOf(checkpoint, path));
const examples = dev.filter((example) => example.context.length > SPAN).slice(0, Number(limit));
for (const name of settings.arms) {
  const arm = new Arm(name, vocabulary.size, settings, 'cpu');
  arm.load(checkpoint.arms[name]!);
  const { without, under } = pointedAt(arm.model.network, examples);
  const percent = (count: number) => `${((100 * count) / examples.length).toFixed(1)} %`;
  console.log(
    `${name}: ${percent(without)} of the answers overlap a random span; ${percent(under)} after a perturbation of ` +
      `norm ${settings.epsilon} made for that span`,
  );
}

function pointedAt(network: Network, questions: readonly SquadExample[]): { without: number; under: number } {
  evalForAttack(network);
  const { weight } = network.lexiconEncoder.embedding;
  const random = new SeededRandom(settings.seed);
  let without = 0;
  let under = 0;
  for (const squadBatch of evaluationBatches(questions, settings.batchSize)) {
    const first = Array.from(squadBatch.contextLengths, (length) => random.below(Number(length) - SPAN + 1));
    torch.tidy(() => {
      const batch = { ...toTensors(squadBatch), ...targetsOf(first) };
      const perturbed = weight.add(attackDirection(network, batch).mul(settings.epsilon));
      const count = () => torch.noGrad(() => overlaps(squadBatch, first, network(batch)));
      without += count();
      under += withSwappedData(weight, perturbed, count);
    });
  }
  return { without, under };
}

function targetsOf(first: number[]): Pick<Batch, 'starts' | 'ends'> {
  const dtype = torch.int64;
  return {
    starts: torch.tensor(first, { dtype }),
    ends: torch.tensor(
      first.map((token) => token + SPAN - 1),
      { dtype },
    ),
  };
}

/** How many of the answers share a token with the span of their question. */
function overlaps(
  batch: SquadBatch,
  first: number[],
  [start, end]: readonly [Tensor, Tensor, Tensor],
): number {
  const scores = (tensor: Tensor) => tensor.toTypedArray() as Float32Array;
  const spans = bestSpans(scores(start), scores(end), {
    width: batch.contextWidth,
    lengths: batch.contextLengths,
  });
  return spans.filter((span, row) => span.start < first[row]! + SPAN && span.end >= first[row]!).length;
}
