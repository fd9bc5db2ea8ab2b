import { nn, type Tensor } from 'litorch';
import {
  type AdversarialStep,
  adversarialStep,
  alum,
  awp,
  fgm,
  fgsm,
  forum,
  freeAT,
  freeLB,
  type Method,
  noise,
  outputs,
  pgd,
  r3f,
  rDrop,
  smart,
  type Target,
  vat,
  yopo,
} from 'litorch/adversarial';
import type { Batch } from './batches.js';
import type { Classifier } from './classifier.js';
import { isWord } from './normalizedEmbedding.js';
import type { Options } from './options.js';

export const ARM_NAMES = [
  'none',
  'noise',
  'forum',
  'fgm',
  'fgsm',
  'pgd',
  'freeat',
  'yopo',
  'freelb',
  'vat',
  'fgm+vat',
  'smart',
  'alum',
  'r3f',
  'r4f',
  'awp',
  'rdrop',
] as const;
/** One of the ways to train. */
export type ArmName = (typeof ARM_NAMES)[number];

/** What the methods take from the command line. */
export type Sizes = Pick<Options, 'epsilon' | 'epsilonMax' | 'epsilonRow' | 'steps' | 'weight'>;

/** A batch's losses, as numbers. */
export interface Losses {
  /** Of the batch as it is; null for methods that do not compute it. */
  loss: number | null;
  /** What the arm adds to it, or trains on instead, before its weight; null for `none`. */
  adversarialLoss: number | null;
}

/** Accumulates the gradients of a batch in the parameters. */
export type ArmStep = (batch: Batch) => Losses;

/** The loss of all arms. */
export const lossOf = (logits: Tensor, { labels }: Batch): Tensor =>
  nn.functional.crossEntropy(logits, labels);

/** What is perturbed: the normalised word vectors, a text's all together. */
export function wordVectors(model: Classifier): Target {
  return outputs(model.encoder.embedding, { mask: (tokens) => isWord(tokens) });
}

/** Changes the network as an arm needs it, before an optimizer has its parameters: R4F bounds the head's slope. */
export function prepare(name: ArmName, model: Classifier): void {
  if (name === 'r4f') nn.utils.spectralNorm(model.output);
}

/**
 * How an arm trains on a batch, with a network that {@link prepare} has seen.
 *
 * The papers of SMART, ALUM, R3F and FreeLB give sizes for pretrained encoders; here all methods have sizes in units of
 * the normalised word vectors, so that arms can be compared: `epsilon` for those that measure a text by its Euclidean
 * norm, `epsilonMax` for those that measure the largest number. The forum's step moves the rows of the matrix, before
 * they are normalised.
 */
export function makeStep(name: ArmName, model: Classifier, sizes: Sizes): ArmStep {
  if (name === 'none') {
    return (batch) => {
      const loss = lossOf(model(batch), batch);
      loss.backward();
      return { loss: Number(loss.item()), adversarialLoss: null };
    };
  }
  const steps = methodsOf(name, model, sizes);
  return (batch) => {
    const results = steps.map((step) => step(batch));
    const loss = results[0]?.loss ?? null;
    const added = results.flatMap(({ adversarialLoss }) => adversarialLoss ?? []);
    return {
      loss: loss === null ? null : Number(loss.item()),
      adversarialLoss: added.reduce((sum, part) => sum + Number(part.item()), 0),
    };
  };
}

/** How often in a row an arm trains on the same batch. */
export function replaysOf(name: ArmName, { steps }: Pick<Sizes, 'steps'>): number {
  return name === 'freeat' ? steps : 1;
}

function methodsOf(
  name: Exclude<ArmName, 'none'>,
  model: Classifier,
  sizes: Sizes,
): AdversarialStep<Batch>[] {
  const step = (method: Method): AdversarialStep<Batch> => adversarialStep(model, lossOf, method);
  const { epsilon, epsilonMax, epsilonRow, steps, weight } = sizes;
  const target = wordVectors(model);
  const ball = { target, over: 'example' as const, epsilon };
  // Twice what would lead from the centre to the border in K steps, so that the border can be followed.
  const stepSize = (2 * epsilon) / steps;
  const box = { target, noise: epsilonMax / 10, stepSize: epsilonMax, weight };
  switch (name) {
    case 'noise':
      return [step(noise(ball))];
    case 'forum':
      return [step(forum({ embedding: model.encoder.embedding.words, epsilon: epsilonRow }))];
    case 'fgm':
      return [step(fgm(ball))];
    case 'fgsm':
      return [step(fgsm({ target, epsilon: epsilonMax }))];
    case 'pgd':
      return [step(pgd({ ...ball, stepSize, steps }))];
    case 'freeat':
      return [step(freeAT({ ...ball, stepSize: epsilon }))];
    case 'yopo':
      return [step(yopo({ ...ball, layer: model.encoder, stepSize: stepSize / 3, passes: steps, steps: 3 }))];
    case 'freelb':
      return [step(freeLB({ ...ball, stepSize, magnitude: epsilon, steps }))];
    case 'vat':
      return [step(vat({ ...ball, weight }))];
    case 'fgm+vat':
      return [step(fgm(ball)), adversarialStep(model, null, vat({ ...ball, weight }))];
    case 'smart':
      return [step(smart(box))];
    case 'alum':
      return [step(alum(box))];
    case 'r3f':
    case 'r4f':
      return [step(r3f({ target, noise: epsilonMax, weight }))];
    case 'awp':
      return [step(awp())];
    case 'rdrop':
      return [step(rDrop({ alpha: weight }))];
  }
}
