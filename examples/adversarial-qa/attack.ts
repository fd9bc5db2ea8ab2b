import torch, { nn } from 'litorch';
import { adversary, type Found, noise, outputs, pgd } from 'litorch/adversarial';
import type { SquadBatch, SquadExample } from 'litorch/squad';
import { type Batch, toTensors } from './batch.js';
import { type Answer, answersOf, evaluationBatches, meanScore, type Score } from './evaluate.js';
import { type FlipRecord, Flips } from './flips.js';
import { type Interruption, nextTurn } from './interruption.js';
import { type Predictions, spanLoss } from './loss.js';
import type { Network } from './network.js';

export interface AttackScore {
  epsilon: number;
  /** Under the attack. */
  attack: Score;
  /** Under noise of the same norm: what the attack's direction adds is the difference. */
  noise: Score;
}

export interface AttackResult {
  /** For ε = 0 and for each ε. */
  scores: AttackScore[];
  /** Answers that were right and are wrong under the attack, at the smallest ε that has some. */
  flips: FlipRecord[];
}

export interface AttackOptions {
  /** Norms of the perturbation of all words of one question and its passage, ascending. */
  epsilons: readonly number[];
  /** How often each question is attacked, of which the worst answer counts; and by how many steps. */
  restarts: number;
  steps: number;
  batchSize: number;
  /** Of the random starts and of the noise. */
  seed: number;
  device: string;
  interruption: Interruption;
  onProgress?: (done: number) => void;
}

/**
 * Projected gradient ascent on the loss at the gold answer, over the vectors of all words of a question and its passage
 * (Madry et al. 2018): several times, first from where they are, then from random places in the ball, in steps of 2.5 ε
 * by their number; each question by the worst of its answers. The control is noise of norm ε, as often, and by its
 * worst answer too. No parameter is updated. Questions whose first gold answer has no place in the context must not be
 * among the examples.
 *
 * @returns Null where the run was interrupted meanwhile.
 */
export async function evaluateUnderAttack(
  network: Network,
  examples: readonly SquadExample[],
  options: AttackOptions,
): Promise<AttackResult | null> {
  const { epsilons, batchSize, seed, device, interruption, onProgress = () => {} } = options;
  const clean: Answer[] = [];
  const rows = epsilons.map((epsilon) => ({
    epsilon,
    ...attacksOf(network, epsilon, options),
    attack: [] as Answer[],
    noise: [] as Answer[],
    flips: new Flips(epsilon),
  }));
  torch.manualSeed(seed);
  evalForAttack(network);
  let done = 0;
  for (const squadBatch of evaluationBatches(examples, batchSize)) {
    torch.tidy(() => {
      const batch = toTensors(squadBatch, device);
      const before = answersOf(
        squadBatch,
        examples,
        torch.noGrad(() => network(batch)),
      );
      clean.push(...before);
      for (const { attacks, control, attack, noise: under, flips } of rows) {
        const worst = worstOf(attacks, batch, squadBatch, examples, (found, answers) =>
          flips.add(examples, squadBatch, found, before, answers),
        );
        attack.push(...worst);
        under.push(...worstOf(control, batch, squadBatch, examples));
      }
    });
    done += squadBatch.size;
    onProgress(done);
    await nextTurn();
    if (interruption.requested) return null;
  }
  const own = meanScore(clean);
  return {
    scores: [
      { epsilon: 0, attack: own, noise: own },
      ...rows.map(({ epsilon, attack, noise: under }) => ({
        epsilon,
        attack: meanScore(attack),
        noise: meanScore(under),
      })),
    ],
    flips: rows.find(({ flips }) => flips.records.length > 0)?.flips.records ?? [],
  };
}

type Adversary = (batch: Batch) => Found<Predictions>;

/** The attacks of one ε, and as many random perturbations. */
function attacksOf(
  network: Network,
  epsilon: number,
  { restarts, steps }: Pick<AttackOptions, 'restarts' | 'steps'>,
): { attacks: Adversary[]; control: Adversary[] } {
  const target = outputs(network.lexiconEncoder.embedding);
  const stepSize = (2.5 * epsilon) / steps;
  const times = <T>(make: (i: number) => T): T[] => Array.from({ length: restarts }, (_, i) => make(i));
  return {
    attacks: times((i) =>
      adversary(network, spanLoss, pgd({ target, epsilon, stepSize, steps, randomStart: i > 0 })),
    ),
    control: times(() => adversary(network, spanLoss, noise({ target, epsilon }))),
  };
}

/** Each question's worst answer under several perturbations: the least F1, of several such the first. */
export function worstOf(
  attacks: readonly Adversary[],
  batch: Batch,
  squadBatch: SquadBatch,
  examples: readonly SquadExample[],
  show: (found: Found<Predictions>, answers: readonly Answer[]) => void = () => {},
): Answer[] {
  return attacks
    .map((attack) =>
      torch.tidy(() => {
        const found = attack(batch);
        const answers = answersOf(
          squadBatch,
          examples,
          torch.noGrad(() => found.run()),
        );
        show(found, answers);
        return answers;
      }),
    )
    .reduce((worst, answers) => worst.map((one, row) => (answers[row]!.f1 < one.f1 ? answers[row]! : one)));
}

/** Without dropout; but cuDNN runs an LSTM's backward pass in training mode only, and ours have no dropout inside. */
export function evalForAttack(network: Network): void {
  network.eval();
  for (const module of network.modules()) if (module instanceof nn.LSTM) module.train();
}
