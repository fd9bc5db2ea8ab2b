import torch, { type Tensor } from 'litorch';
import { FEATURE_COUNT } from 'litorch/squad';
import type { Batch } from './batch.js';
import { Model } from './model.js';
import { Network } from './network.js';
import type { ArmName, Settings } from './options.js';
import { measurePeak } from './peakMemory.js';

export interface StepResult {
  loss: number;
  /** The adversarial loss; null in the baseline. */
  lossAdv: number | null;
  seconds: number;
  /** The most memory that was resident during the step, in bytes. */
  peakBytes: number;
}

/**
 * One of the models that are trained side by side. Each arm begins from the same seed and has the random numbers to
 * itself: what an arm becomes does not depend on which others there are.
 */
export class Arm {
  readonly name: ArmName;
  readonly model: Model;
  private random: Tensor;

  constructor(name: ArmName, vocabSize: number, settings: Settings, device: string) {
    this.name = name;
    torch.manualSeed(settings.seed);
    const { embeddingDim, hiddenSize, dropout, epsilon, learningRate, gradClipping, fixEmbeddings } =
      settings;
    const network = new Network({ vocabSize, embeddingDim, hiddenSize, dropout, featureSize: FEATURE_COUNT });
    network.to(device);
    this.model = new Model(network, {
      adversarial: name === 'adversarial',
      epsilon,
      learningRate,
      fixEmbeddings,
      ...(gradClipping > 0 && { gradClipping }),
    });
    this.random = torch.keep(torch.getRngState());
  }

  step(batch: Batch): StepResult {
    torch.setRngState(this.random);
    const began = performance.now();
    const { result, peakBytes } = measurePeak(() =>
      torch.tidy(() => {
        const { loss, lossAdv } = this.model.update(batch);
        return { loss: loss.item() as number, lossAdv: (lossAdv?.item() ?? null) as number | null };
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    this.random.dispose();
    this.random = torch.keep(torch.getRngState());
    return { ...result, seconds, peakBytes };
  }

  /** What {@link load} takes: weights, the optimizer's state, and that of the random numbers. */
  state() {
    const { network, optimizer } = this.model;
    return { network: network.stateDict(), optimizer: optimizer.stateDict(), random: this.random };
  }

  load(state: ReturnType<Arm['state']>): void {
    const { network, optimizer } = this.model;
    network.loadStateDict(state.network);
    optimizer.loadStateDict(state.optimizer);
    this.random.dispose();
    this.random = torch.keep(state.random.clone());
  }
}
