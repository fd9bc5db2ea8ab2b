import { loadCheckpoint, saveCheckpoint } from 'litorch/serialization';
import { Vocabulary, type VocabularyData } from 'litorch/squad';
import type { Arm } from './arm.js';
import type { TrialId } from './arms.js';
import type { Settings } from './options.js';

const FORMAT = 'litorch adversarial-qa 3';

/** How far a run has come. */
export interface Progress {
  /** Epochs that are done and evaluated, and batches of the one after them. */
  epoch: number;
  batch: number;
  /** Steps in all. */
  step: number;
}

type ArmState = ReturnType<Arm['state']>;

/** A run, or the best weights of one of its arms. */
export interface Checkpoint {
  format: typeof FORMAT;
  settings: Settings;
  epochs: number;
  progress: Progress;
  vocabulary: VocabularyData;
  /** By their labels; null in a checkpoint of the best weights, which no run can go on from. */
  arms: Record<string, ArmState> | null;
  /** The weights alone, of each arm in the checkpoint. */
  trained: { id: TrialId; label: string; network: ArmState['network'] }[];
}

/** What a checkpoint is made of. */
export interface RunState {
  settings: Settings;
  epochs: number;
  progress: Progress;
  vocabulary: Vocabulary;
}

/** Writes everything that the run needs to go on with equal bits. The file appears whole or not at all. */
export function saveRun(path: string, run: RunState, arms: readonly Arm[]): void {
  const states = Object.fromEntries(arms.map((arm) => [arm.label, arm.state()]));
  const trained = arms.map(({ id, label }) => ({ id, label, network: states[label]!.network }));
  save(path, run, states, trained);
}

/** Writes the weights of an arm's best epoch, where there is one. */
export function saveBest(path: string, run: RunState, { id, label, bestWeights }: Arm): void {
  if (bestWeights !== null) save(path, run, null, [{ id, label, network: bestWeights }]);
}

function save(
  path: string,
  { settings, epochs, progress, vocabulary }: RunState,
  arms: Checkpoint['arms'],
  trained: Checkpoint['trained'],
): void {
  const state: Checkpoint = {
    format: FORMAT,
    settings,
    epochs,
    progress,
    vocabulary: vocabulary.toJSON(),
    arms,
    trained,
  };
  saveCheckpoint(path, state);
}

/** Reads what {@link saveRun} or {@link saveBest} wrote. `SafetensorsError` or `Error` for any other file. */
export function loadRun(path: string): Checkpoint {
  const state = loadCheckpoint(path) as unknown as Partial<Checkpoint> | null;
  if (state?.format !== FORMAT) throw new Error(`${path}: not a checkpoint of this version of the program`);
  return state as Checkpoint;
}

/** As {@link loadRun}, for going on. `Error` where the checkpoint has the best weights alone. */
export function loadResumable(path: string): Checkpoint & { arms: Record<string, ArmState> } {
  const checkpoint = loadRun(path);
  if (checkpoint.arms === null)
    throw new Error(`${path}: has the best weights of an arm only; go on from checkpoint.safetensors`);
  return checkpoint as Checkpoint & { arms: Record<string, ArmState> };
}

export function vocabularyOf(checkpoint: Checkpoint, path: string): Vocabulary {
  return Vocabulary.fromJSON(checkpoint.vocabulary, path);
}
