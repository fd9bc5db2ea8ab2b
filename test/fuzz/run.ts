/** One call, made and used, with what it changed in the process put back. */
import { types } from 'node:util';
import torch, { type Tensor } from '../../lib/index.js';
import { type CallRecipe, compileCall } from './recipe.js';

export interface Outcome {
  /** It gave a result. */
  readonly worked: boolean;
  /** What was thrown that is no error. */
  readonly strange?: string;
  /** An error that says nothing of the argument that is wrong. */
  readonly unclear?: string;
}

const sayNothing =
  /Maximum call stack|std::(?!bad_alloc|vector larger|numeric_limits|all_of)|exception of unknown type|is not a function$|Cannot read propert/;

/** Reads what a call gave, and asks gradients of it; of what is expanded to more than any time suffices for, nothing. */
function use(result: unknown, backward: boolean): void {
  for (const value of Array.isArray(result) ? (result as unknown[]).slice(0, 8) : [result]) {
    if (!(value instanceof torch.Tensor)) continue;
    const tensor = value as Tensor;
    if (backward && tensor.requiresGrad && tensor.numel() < 1_000_000) tensor.sum().backward();
    if (tensor.layout === torch.strided && !tensor.isMeta && !tensor.isNested && tensor.numel() < 10_000)
      void tensor.clone().numel();
  }
}

function reset(): void {
  torch.setGradEnabled(true);
  if (torch.getDefaultDtype() !== torch.float32) torch.setDefaultDtype(torch.float32);
}

/** Runs a call within a scope of its own. */
export function runCall(call: CallRecipe): Outcome {
  let worked = false;
  let strange: string | undefined;
  let unclear: string | undefined;
  torch.manualSeed(call.seed);
  torch.tidy(() => {
    let made = false;
    try {
      const run = compileCall(call)(torch);
      // What fails up to here is an argument, which the call never sees.
      made = true;
      const result = run();
      worked = true;
      // A promise that fails is an error that is seen later.
      if (types.isPromise(result)) result.catch(() => {});
      use(result, call.backward);
    } catch (error) {
      if (!types.isNativeError(error)) strange = `threw ${String(error)}, which is no Error`;
      else if (made && sayNothing.test(error.message))
        unclear = `${error.name}: ${error.message.slice(0, 100)}`;
    }
  });
  reset();
  return { worked, ...(strange !== undefined && { strange }), ...(unclear !== undefined && { unclear }) };
}
