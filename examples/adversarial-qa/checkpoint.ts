import { loadCheckpoint, saveCheckpoint } from 'litorch/serialization';
import { Vocabulary, type VocabularyData } from 'litorch/squad';
import type { Arm } from './arm.js';
import type { ArmName, Settings } from './options.js';

/** How far a run has come. */
export interface Progress {
  /** Epochs that are done, and batches of the one after them. */
  epoch: number;
  batch: number;
  /** Steps in all. */
  step: number;
}

export interface Checkpoint {
  format: 'litorch adversarial-qa';
  settings: Settings;
  epochs: number;
  progress: Progress;
  vocabulary: VocabularyData;
  arms: Partial<Record<ArmName, ReturnType<Arm['state']>>>;
}

/** Writes everything that the run needs to go on with equal bits. The file appears whole or not at all. */
export function saveRun(
  path: string,
  run: {
    settings: Settings;
    epochs: number;
    progress: Progress;
    vocabulary: Vocabulary;
    arms: readonly Arm[];
  },
): void {
  saveCheckpoint(path, {
    format: 'litorch adversarial-qa',
    settings: run.settings,
    epochs: run.epochs,
    progress: run.progress,
    vocabulary: run.vocabulary.toJSON(),
    arms: Object.fromEntries(run.arms.map((arm) => [arm.name, arm.state()])),
  } satisfies Checkpoint);
}

/** Reads what {@link saveRun} wrote. `SafetensorsError` or `Error` for any other file. */
export function loadRun(path: string): Checkpoint {
  const state = loadCheckpoint(path) as unknown as Partial<Checkpoint> | null;
  if (state?.format !== 'litorch adversarial-qa')
    throw new Error(`${path}: not a checkpoint of this program`);
  return state as Checkpoint;
}

export function vocabularyOf(checkpoint: Checkpoint, path: string): Vocabulary {
  return Vocabulary.fromJSON(checkpoint.vocabulary, path);
}
