import torch, { nn, type Tensor } from 'litorch';
import { withSwappedData } from 'litorch/adversarial';
import type { SquadExample } from 'litorch/squad';
import { type Batch, toTensors } from './batch.js';
import { answersOf, evaluationBatches, meanScore, type Score } from './evaluate.js';
import { type Interruption, nextTurn } from './interruption.js';
import type { Network } from './network.js';

const { functional: F } = nn;

export interface AttackScore {
  epsilon: number;
  /** Under the attack. */
  attack: Score;
  /** Under noise of the same norm on the same rows: what the attack's direction adds is the difference. */
  noise: Score;
}

export interface AttackOptions {
  epsilons: readonly number[];
  /** The rows of a perturbation are shared by a batch's questions, so this is a part of the attack. */
  batchSize: number;
  /** Of the noise. */
  seed: number;
  device: string;
  interruption: Interruption;
  onProgress?: (done: number) => void;
}

/**
 * The embedding attack: the word vectors are moved as in the forum's training step, each row of the batch by ε along
 * the gradient of the loss at the gold answer, and the network answers again. No parameter is updated. Questions
 * whose first gold answer has no place in the context must not be among the examples.
 *
 * @returns A score for ε = 0 and for each ε; null where the run was interrupted meanwhile.
 */
export async function evaluateUnderAttack(
  network: Network,
  examples: readonly SquadExample[],
  options: AttackOptions,
): Promise<AttackScore[] | null> {
  const { epsilons, batchSize, seed, device, interruption, onProgress = () => {} } = options;
  const rows = [0, ...epsilons].map((epsilon) => ({ epsilon, attack: [] as Score[], noise: [] as Score[] }));
  torch.manualSeed(seed);
  evalForAttack(network);
  const { weight } = network.lexiconEncoder.embedding;
  let done = 0;
  for (const squadBatch of evaluationBatches(examples, batchSize)) {
    torch.tidy(() => {
      const batch = toTensors(squadBatch, device);
      const direction = attackDirection(network, batch);
      const noise = noiseLike(direction);
      const scoresAt = (perturbation: Tensor) =>
        torch.noGrad(() =>
          withSwappedData(weight, weight.add(perturbation), () =>
            answersOf(squadBatch, examples, network(batch)).map(([, answer]) => answer),
          ),
        );
      for (const row of rows) {
        row.attack.push(...scoresAt(direction.mul(row.epsilon)));
        row.noise.push(
          ...(row.epsilon === 0 ? row.attack.slice(-squadBatch.size) : scoresAt(noise.mul(row.epsilon))),
        );
      }
    });
    done += squadBatch.size;
    onProgress(done);
    await nextTurn();
    if (interruption.requested) return null;
  }
  return rows.map(({ epsilon, attack, noise }) => ({
    epsilon,
    attack: meanScore(attack),
    noise: meanScore(noise),
  }));
}

/** Without dropout; but cuDNN runs an LSTM's backward pass in training mode only, and ours have no dropout inside. */
export function evalForAttack(network: Network): void {
  network.eval();
  for (const module of network.modules()) if (module instanceof nn.LSTM) module.train();
}

/** For each word of the batch the unit vector along which the loss at the gold answer grows fastest. */
export function attackDirection(network: Network, batch: Batch): Tensor {
  const [start, end] = network(batch);
  const loss = F.crossEntropy(start, batch.starts).add(F.crossEntropy(end, batch.ends));
  const [grad] = torch.autograd.grad(loss, network.lexiconEncoder.embedding.weight);
  return F.normalize(grad!, { p: 2, dim: 1 });
}

/** Random unit vectors in the rows where the direction has one. */
function noiseLike(direction: Tensor): Tensor {
  return torch.noGrad(() => {
    const moved = direction.ne(0).any(1, { keepdim: true });
    return F.normalize(torch.randnLike(direction), { p: 2, dim: 1 }).mul(moved);
  });
}
