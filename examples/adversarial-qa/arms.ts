/** The names of what can be trained, and what each one's ε is. */

/** How an arm's perturbations are measured. */
export interface ArmInfo {
  /** For the help. */
  what: string;
  /** What ε measures; null where nothing has a size. */
  measure: keyof typeof MEASURES | null;
  /** The default ε, for word vectors of norm 5. */
  epsilon: number | null;
  /** Whether `--adversarial-weight` weighs what the method adds. */
  weighted: boolean;
}

/** What an ε can measure. */
export const MEASURES = {
  example: 'the norm of all that is moved of one question and its passage',
  row: 'the norm of each word of the batch',
  number: 'how far each number is moved',
  noise: "the noise's standard deviation",
  weight: "a part of each weight's own norm",
} as const;

export const ARMS = {
  none: { what: 'plain training', measure: null, epsilon: null, weighted: false },
  noise: { what: 'random perturbations: the control', measure: 'example', epsilon: 2, weighted: true },
  forum: { what: "the forum's step (model.ts)", measure: 'row', epsilon: 5, weighted: false },
  'forum-fast': { what: "the library's equal of it", measure: 'row', epsilon: 5, weighted: true },
  fgm: { what: 'fast gradient method', measure: 'example', epsilon: 2, weighted: true },
  fgsm: { what: 'fast gradient sign method', measure: 'number', epsilon: 0.02, weighted: true },
  pgd: { what: 'projected gradient descent, 3 steps', measure: 'example', epsilon: 2, weighted: true },
  freeat: { what: 'each batch 3 times in a row', measure: 'example', epsilon: 2, weighted: false },
  yopo: { what: 'YOPO-3-3', measure: 'example', epsilon: 2, weighted: false },
  freelb: { what: 'FreeLB, 2 passes', measure: 'example', epsilon: 2, weighted: false },
  vat: { what: 'virtual adversarial training', measure: 'example', epsilon: 2, weighted: true },
  smart: { what: "SMART's regularizer", measure: 'number', epsilon: 0.02, weighted: true },
  alum: { what: "ALUM's regularizer", measure: 'number', epsilon: 0.02, weighted: true },
  r3f: { what: 'R3F', measure: 'noise', epsilon: 0.02, weighted: true },
  r4f: {
    what: 'R3F with spectral normalization of the two pointers',
    measure: 'noise',
    epsilon: 0.02,
    weighted: true,
  },
  awp: { what: 'adversarial weight perturbation', measure: 'weight', epsilon: 0.01, weighted: false },
  rdrop: { what: 'R-Drop', measure: null, epsilon: null, weighted: true },
} as const satisfies Record<string, ArmInfo>;

export type ArmName = keyof typeof ARMS;

export const ARM_NAMES = Object.keys(ARMS) as ArmName[];

/** Other names of arms. */
export const ALIASES: Readonly<Record<string, ArmName>> = { baseline: 'none', adversarial: 'forum' };

/** What is known of an arm. */
export const armInfo = (name: ArmName): ArmInfo => ARMS[name];

/** The arm of a name or of another name of it; undefined where there is none. */
export function armNamed(text: string): ArmName | undefined {
  const name = ALIASES[text] ?? text;
  return Object.hasOwn(ARMS, name) ? (name as ArmName) : undefined;
}

/** One arm with one seed: what is trained. */
export interface TrialId {
  arm: ArmName;
  seed: number;
}

/** What a trial is called in files: the arm's name, with the seed where there are several. */
export function labelOf({ arm, seed }: TrialId, seeds: readonly number[]): string {
  return seeds.length > 1 ? `${arm}-seed${seed}` : arm;
}
