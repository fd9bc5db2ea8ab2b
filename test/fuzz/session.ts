/**
 * A session: a few calls of one target, decided by the seed and the session's number. Once a call works, those after
 * it differ from it in a little, so that kernels are reached with arguments that are nearly right.
 */
import { Dice } from '../support/dice.js';
import { changedCall, randomCall } from './calls.js';
import type { CallRecipe } from './recipe.js';
import { type Outcome, runCall } from './run.js';
import type { Target } from './targets.js';

export const callsInSession = 10;

export interface Targets {
  readonly operators: readonly Target[];
  readonly functions: readonly Target[];
  /** Whether a target is not called when its turn comes. */
  readonly isSkipped: (target: Target) => boolean;
}

function targetOf(dice: Dice, { operators, functions }: Targets): Target {
  const among = operators.length > 0 && (functions.length === 0 || dice.chance(0.75)) ? operators : functions;
  return dice.pick(among);
}

/** Runs a session; `before` hears of each call before it is made. */
export function runSession(
  seed: number,
  index: number,
  targets: Targets,
  before: (target: Target, call: CallRecipe, step: number) => void,
  after: (target: Target, outcome: Outcome) => void,
): void {
  const dice = new Dice(Math.imul(seed, 1_000_003) + Math.imul(index, 7919));
  const target = targetOf(dice, targets);
  if (targets.isSkipped(target)) return;
  let model: CallRecipe | undefined;
  for (let step = 0; step < callsInSession; step++) {
    const call =
      model !== undefined && dice.chance(0.8) ? changedCall(dice, target, model) : randomCall(dice, target);
    before(target, call, step);
    const outcome = runCall(call);
    after(target, outcome);
    if (outcome.worked && (model === undefined || dice.chance(0.5))) model = call;
  }
}
