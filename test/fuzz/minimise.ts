/** Shrinks a call that ends the process, as long as it still does. */
import { writeFileSync } from 'node:fs';
import type { CallRecipe } from './recipe.js';
import { simplerCalls } from './shrink.js';
import { runChild, type Watch } from './watch.js';

/** The number of the first call that ends the process, or undefined. */
async function firstCrash(
  calls: readonly CallRecipe[],
  folder: string,
  watch: Watch,
): Promise<number | undefined> {
  const file = `${folder}/calls.json`;
  const log = `${folder}/calls.log`;
  writeFileSync(file, JSON.stringify(calls));
  writeFileSync(log, '');
  const end = await runChild(
    { seed: 0, first: 0, sessions: 0, pattern: '', skip: [], log, calls: file },
    watch,
  );
  // What is found damaged only at the end is not of one call.
  return end.crash === undefined || !/^\d+$/.test(end.last) ? undefined : Number(end.last);
}

/** The smallest call found that ends the process, or undefined where the call alone does not end it. */
export async function minimise(
  call: CallRecipe,
  folder: string,
  watch: Watch,
): Promise<CallRecipe | undefined> {
  // Memory that is not the tensor's own may happen to be there: a few times, then.
  if ((await firstCrash([call, call, call, call], folder, watch)) === undefined) return undefined;
  let smallest = call;
  for (let rounds = 0; rounds < 60; rounds++) {
    const candidates = [...simplerCalls(smallest)];
    const found = candidates.length === 0 ? undefined : await firstCrash(candidates, folder, watch);
    if (found === undefined) return smallest;
    smallest = candidates[found] as CallRecipe;
  }
  return smallest;
}
