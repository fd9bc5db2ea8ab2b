import type { Embedding } from '../../nn/modules/sparse.js';
import { rows } from '../targets/rows.js';
import { fgm } from './fgm.js';
import type { Attack, AttackOptions } from './method.js';

/** Options of {@link forum}. */
export interface ForumOptions extends Pick<AttackOptions, 'weight' | 'cleanWeight'> {
  /** The embeddings whose rows are perturbed. */
  embedding: Embedding | readonly Embedding[];
  /** The norm of each row of the batch. Default: 5. */
  epsilon?: number;
}

/**
 * What the forum's step computes: every row of the vocabulary that the batch uses is moved by ε along its own gradient,
 * r = ε g_row / ‖g_row‖₂, and trained on L(x) + L(x + r). Its gradients, without the retained graph and its third backward,
 * and without touching the other rows of the vocabulary.
 *
 * That is √(number of different tokens) times as much as {@link fgm} gives a sequence, and the same for all examples of a
 * batch. See docs/adversarial.md.
 */
export function forum({ embedding, ...options }: ForumOptions): Attack {
  const list = Array.isArray(embedding) ? (embedding as readonly Embedding[]) : [embedding as Embedding];
  return { ...fgm({ ...options, target: list.map(rows), norm: 2, over: 'row' }), name: 'forum' };
}
