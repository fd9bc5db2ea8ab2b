import { nn } from 'litorch';
import {
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
  vat,
  yopo,
} from 'litorch/adversarial';
import type { ArmName } from './arms.js';
import type { Network } from './network.js';

/** How often FreeAT trains on a batch before it goes on to the next. */
const FREE_REPLAYS = 3;

/** Changes the network as the arm's method asks, before anything else is done with it. */
export function prepare(name: ArmName, { start, end }: Network): void {
  if (name !== 'r4f') return;
  for (const pointer of [start, end]) nn.utils.spectralNorm(pointer.linear);
}

/** The arms that are made of the library's methods. */
export type MethodName = Exclude<ArmName, 'none' | 'forum'>;

/** How many steps of the optimizer an arm makes on a batch. */
export const replaysOf = (name: ArmName): number => (name === 'freeat' ? FREE_REPLAYS : 1);

/**
 * One of the library's methods on the reader: what is perturbed are the vectors of the words, each occurrence by itself,
 * and ε is the norm over all words of a question and its passage, unless `arms.ts` says otherwise.
 *
 * @param epsilon Without a meaning for R-Drop.
 * @param weight What the adversarial loss counts, or the divergence, for the methods that have such a weight.
 */
export function makeMethod(name: MethodName, network: Network, epsilon: number, weight: number): Method {
  const { lexiconEncoder } = network;
  const { embedding } = lexiconEncoder;
  const target = outputs(embedding);
  switch (name) {
    case 'noise':
      return noise({ target, epsilon, weight });
    case 'forum-fast':
      return forum({ embedding, epsilon, weight });
    case 'fgm':
      return fgm({ target, epsilon, weight });
    case 'fgsm':
      return fgsm({ target, epsilon, weight });
    case 'pgd':
      return pgd({ target, epsilon, stepSize: epsilon / 2, steps: 3, weight });
    case 'freeat':
      return freeAT({ target, epsilon });
    case 'yopo':
      // The lexicon encoder has all uses of the word vectors in it.
      return yopo({ target, layer: lexiconEncoder, epsilon, stepSize: epsilon / 2, passes: 3, steps: 3 });
    case 'freelb':
      return freeLB({ target, epsilon, stepSize: epsilon / 2, magnitude: epsilon, steps: 2 });
    case 'vat':
      return vat({ target, epsilon, weight });
    case 'smart':
      return smart({ target, stepSize: epsilon, noise: epsilon / 100, weight });
    case 'alum':
      return alum({ target, stepSize: epsilon, noise: epsilon / 100, weight });
    case 'r3f':
    case 'r4f':
      return r3f({ target, noise: epsilon, weight });
    case 'awp':
      return awp({ gamma: epsilon });
    case 'rdrop':
      return rDrop({ alpha: weight });
  }
}
