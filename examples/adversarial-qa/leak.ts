/**
 * Does a network read the answer off the perturbation? The perturbation is made for a random span in place of the
 * gold answer; a network that only resists it has no reason to point there.
 *
 *     node dist/examples/adversarial-qa/leak.js out/adversarial-qa/checkpoint.safetensors [QUESTIONS]
 *
 * Prints, for each arm in the checkpoint, how many of its answers overlap the random span: without a perturbation, with
 * that of the forum's step (each word of the batch moved by ε), and with that of the fast gradient method (ε for all
 * words of a question and its passage). Each ε is the run's own, or the default.
 */
import torch from 'litorch';
import { type Attack, adversary, fgm, forum, outputs } from 'litorch/adversarial';
import { bestSpans, SeededRandom, type SquadBatch, type SquadExample } from 'litorch/squad';
import { evalForAttack } from './attack.js';
import { type Batch, toTensors } from './batch.js';
import { loadRun, vocabularyOf } from './checkpoint.js';
import { loadData } from './data.js';
import { evaluationBatches, numbersOf } from './evaluate.js';
import { type Predictions, spanLoss } from './loss.js';
import { prepare } from './methods.js';
import { Network } from './network.js';
import { epsilonOf } from './options.js';

const SPAN = 3;

torch.setNumThreads(1);

const [path, limit = '1000'] = process.argv.slice(2);
if (path === undefined) throw new Error('which checkpoint?');
const checkpoint = loadRun(path);
const { settings } = checkpoint;
const { vocabulary, dev } = loadData(settings, null, vocabularyOf(checkpoint, path));
const examples = dev.filter((example) => example.context.length > SPAN).slice(0, Number(limit));
const rows = epsilonOf(settings, 'forum')!;
const whole = epsilonOf(settings, 'fgm')!;
for (const { label, network: weights } of checkpoint.trained) {
  const { embeddingDim, hiddenSize } = settings;
  const network = new Network({ vocabSize: vocabulary.size, embeddingDim, hiddenSize });
  if ('start.linear.weight_orig' in weights) prepare('r4f', network);
  network.loadStateDict(weights);
  evalForAttack(network);
  const { embedding } = network.lexiconEncoder;
  const [without, byRows, byExample] = pointedAt(network, examples, [
    null,
    forum({ embedding, epsilon: rows }),
    fgm({ target: outputs(embedding), epsilon: whole }),
  ]);
  const percent = (count: number) => `${((100 * count) / examples.length).toFixed(1)} %`;
  console.log(
    `${label}: ${percent(without!)} of the answers overlap a random span; after a perturbation made for that span ` +
      `${percent(byRows!)} (norm ${rows} for each word), ${percent(byExample!)} (norm ${whole} for all words)`,
  );
}

/** How many answers overlap the random span of their question, under the perturbation of each method; null: under none. */
function pointedAt(
  network: Network,
  questions: readonly SquadExample[],
  methods: readonly (Attack | null)[],
): number[] {
  const random = new SeededRandom(settings.seeds[0]!);
  const counts = methods.map(() => 0);
  const runs = methods.map((method) =>
    method === null ? null : adversary<Batch, Predictions>(network, spanLoss, method),
  );
  for (const squadBatch of evaluationBatches(questions, settings.batchSize)) {
    const first = Array.from(squadBatch.contextLengths, (length) => random.below(Number(length) - SPAN + 1));
    torch.tidy(() => {
      const batch = { ...toTensors(squadBatch), ...targetsOf(first) };
      runs.forEach((attack, i) => {
        const found = attack?.(batch);
        const predictions = torch.noGrad(() => found?.run() ?? network(batch));
        counts[i]! += overlaps(squadBatch, first, predictions);
      });
    });
  }
  return counts;
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
function overlaps(batch: SquadBatch, first: number[], [start, end]: Predictions): number {
  const spans = bestSpans(numbersOf(start), numbersOf(end), {
    width: batch.contextWidth,
    lengths: batch.contextLengths,
  });
  return spans.filter((span, row) => span.start < first[row]! + SPAN && span.end >= first[row]!).length;
}
