/**
 * The cross entropy of a linear layer in pieces of the batch, so that the logits never exist as a whole. The gradients
 * are computed along with the loss; the steps, and so the bits, are PyTorch's.
 */
import { AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { isGradEnabled } from '../../autograd/modes.js';
import type { DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { keep, tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import type { Reduction } from '../reduction.js';
import type { Chunking } from './linearCrossEntropyOptions.js';

export interface Problem {
  /** `(N, F)` */
  input: Tensor;
  /** `(C, F)` */
  linearWeight: Tensor;
  target: Tensor;
  linearBias: Tensor | null;
  weight: Tensor | null;
  reduction: Reduction;
  ignoreIndex: number;
}

/** Which gradients are wanted. */
interface Wanted {
  input: boolean;
  weight: boolean;
  bias: boolean;
}

/** What is kept in which dtype, and which buffers that takes. */
interface Plan {
  dtype: DType;
  accumulation: DType;
  /** Whether the two differ. */
  mixed: boolean;
  onCuda: boolean;
  rows: number;
  classes: number;
  features: number;
  output: DType;
  gradInput: DType;
  logits: DType;
  /** Of the weight in products. */
  weight: DType;
  weightGradBuffer: boolean;
  inputGradBuffer: boolean;
  inputBuffer: boolean;
  /** Whether the forward product takes the input from that buffer. */
  forwardBuffered: boolean;
  gradFromLowered: boolean;
}

function planOf(
  { input, linearWeight }: Problem,
  { size, policy, dtype: acc }: Chunking,
  wanted: Wanted,
): Plan {
  const { dtype } = input;
  const half = dtype.name === 'float16' || dtype.name === 'bfloat16';
  const mixed = dtype !== acc;
  if (mixed && !(half && acc.name === 'float32')) {
    throw new TorchError(
      'linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, but got ' +
        `${acc} acc_dtype and ${dtype} inputs.`,
    );
  }
  const onCuda = input.isCuda;
  const sparing = policy !== 'accurate';
  const isFloat16 = dtype.name === 'float16';
  const gradInput = mixed && !sparing ? acc : dtype;
  const logits = mixed && !(isFloat16 && sparing) ? acc : dtype;
  const castsWeight = mixed && (!onCuda || (wanted.input && gradInput === logits));
  const weight = castsWeight ? logits : dtype;
  return {
    dtype,
    accumulation: acc,
    mixed,
    onCuda,
    rows: size,
    classes: linearWeight.size(0),
    features: input.size(1),
    output: mixed && isFloat16 ? acc : dtype,
    gradInput,
    logits,
    weight,
    weightGradBuffer: wanted.weight && !(policy === 'compact' && (onCuda || logits === dtype)),
    inputGradBuffer: wanted.input && !onCuda && gradInput !== weight,
    inputBuffer: mixed && (wanted.weight || (!onCuda && dtype !== logits)),
    forwardBuffered: mixed && !onCuda && dtype !== logits,
    gradFromLowered: onCuda && wanted.input && logits !== gradInput,
  };
}

/** The targets, with those that are ignored moved to class 0, and minus the weight of each. */
function weighTargets(
  problem: Problem,
  plan: Plan,
  lossGrad: Tensor | null,
): [targets: Tensor, weights: Tensor] {
  const { target, weight, reduction, ignoreIndex } = problem;
  const { accumulation } = plan;
  const ignored = target.eq(ignoreIndex);
  const outside = ignoreIndex < 0 || ignoreIndex >= plan.classes;
  const targets = outside ? target.maskedFill(ignored, 0) : target;
  let weights: Tensor;
  if (weight === null) {
    weights = ignored.logicalNot().to(accumulation);
  } else {
    const castFirst = targets.numel() > weight.numel();
    const chosen = castFirst
      ? weight.to(accumulation).indexSelect(0, targets)
      : weight.indexSelect(0, targets).to(accumulation);
    weights = chosen.maskedFill(ignored, 0);
  }
  if (reduction === 'mean') {
    const total = weights.sum();
    weights.div_(total.neg().maskedFill(total.eq(0), Number.NaN));
  } else if (reduction === 'sum') {
    weights.neg_();
  } else if (lossGrad !== null) {
    weights.neg_().mul_(lossGrad.to(accumulation));
  }
  return [targets, weights];
}

/** `a @ b` into `out`, which may be of a wider dtype. */
function multiply(a: Tensor, b: Tensor, out: Tensor): void {
  if (a.dtype === out.dtype) aten.mm.out(a, b, { out });
  else aten.mm.dtype_out(a, b, out.dtype, { out });
}

interface Results {
  loss: Tensor;
  input: Tensor | null;
  weight: Tensor | null;
  bias: Tensor | null;
}

/** The loss, and the gradients that are wanted; those of single losses need what each of them is multiplied by. */
function accumulate(
  problem: Problem,
  chunking: Chunking,
  wanted: Wanted,
  lossGrad: Tensor | null = null,
): Results {
  const plan = planOf(problem, chunking, wanted);
  const { input, linearWeight, linearBias, reduction } = problem;
  const { accumulation, dtype, rows, classes, features, onCuda } = plan;
  const { device } = input;
  const batch = input.size(0);
  const empty = (size: number[], of: DType): Tensor => aten.empty.memory_format(size, { dtype: of, device });
  const zeros = (size: number[], of: DType): Tensor => aten.zeros.default(size, { dtype: of, device });
  const logitsBuffer = empty([rows, classes], plan.logits);
  const scratch = empty([rows], plan.logits);
  const [targets, weights] = weighTargets(problem, plan, lossGrad);
  const castWeight = plan.weight === dtype ? linearWeight : linearWeight.to(plan.weight);
  const castBias =
    linearBias === null || linearBias.dtype === plan.logits ? linearBias : linearBias.to(plan.logits);
  const inputBuffer = plan.inputBuffer ? empty([rows, features], accumulation) : null;
  const none = reduction === 'none' && lossGrad === null;
  const loss = none ? empty([batch], dtype) : zeros([], plan.output);
  if (reduction === 'mean' && batch === 0) loss.fill_(Number.NaN);

  const gradInput = wanted.input ? empty([batch, features], plan.gradInput) : null;
  const gradWeight = wanted.weight ? zeros([classes, features], dtype) : null;
  const gradBias = wanted.bias ? zeros([classes], dtype) : null;
  const gradInputBuffer = plan.inputGradBuffer ? empty([rows, features], plan.weight) : null;
  const gradWeightBuffer = plan.weightGradBuffer ? empty([classes, features], accumulation) : null;
  const gradBiasBuffer = wanted.bias && plan.mixed ? zeros([classes], accumulation) : gradBias;
  const widened =
    plan.weightGradBuffer && !onCuda && plan.logits !== accumulation
      ? empty([rows, classes], accumulation)
      : null;

  /** Rows times weights, in memory that is free. */
  const scaled = (values: Tensor, factors: Tensor): Tensor => {
    if (plan.mixed) return values.mul_(factors.unsqueeze(1));
    if (classes < features) return values.mul(factors.unsqueeze(1));
    const out = logitsBuffer.narrow(0, 0, values.size(0)).narrow(1, 0, features);
    return aten.mul.out(values, factors.unsqueeze(1), { out });
  };
  const lowered = (values: Tensor): Tensor => {
    if (values.dtype === dtype) return values;
    if (plan.weightGradBuffer || classes * plan.logits.itemsize < features * dtype.itemsize)
      return values.to(dtype);
    return aten.view
      .dtype(logitsBuffer, dtype)
      .narrow(0, 0, values.size(0))
      .narrow(1, 0, values.size(1))
      .copy_(values);
  };

  for (let start = 0; start < batch; start += rows) {
    tidy(() => {
      const length = Math.min(rows, batch - start);
      const chunk = input.narrow(0, start, length);
      const target = targets.narrow(0, start, length);
      const factors = weights.narrow(0, start, length);
      const logits = logitsBuffer.narrow(0, 0, length);
      const wide = inputBuffer === null ? chunk : inputBuffer.narrow(0, 0, length).copy_(chunk);

      const direct = onCuda && plan.mixed ? linearWeight : castWeight;
      multiply(plan.forwardBuffered ? wide : chunk, direct.t(), logits);
      if (castBias !== null) logits.add_(castBias);
      const greatest = scratch.narrow(0, 0, length).unsqueeze(1);
      logits.sub_(aten.amax.out(logits, [1], true, { out: greatest }));
      const column = target.unsqueeze(1);
      if (none) {
        const hit = logits.gather(1, column).squeeze(1);
        const sums = logits.exp_().sum(1, { dtype: accumulation });
        const losses = sums.log_().sub_(hit.to(sums.dtype));
        loss.narrow(0, start, length).copy_(losses.mul_(factors.to(sums.dtype)));
        return;
      }
      loss.add_(factors.dot(logits.gather(1, column).squeeze(1).to(factors.dtype)));
      const sums = logits.exp_().sum(1, { dtype: accumulation });
      const needsGradients = wanted.input || wanted.weight || wanted.bias;
      if (needsGradients) {
        const quotient = aten.div.out(factors, sums, { out: scratch.narrow(0, 0, length) });
        aten.mul.out(logits, quotient.unsqueeze(1), { out: logits });
      }
      loss.sub_(factors.to(sums.dtype).dot(sums.log_()));
      if (!needsGradients) return;

      if (gradBiasBuffer !== null) {
        gradBiasBuffer.sub_(logits.sum(0, { dtype: plan.mixed ? accumulation : dtype }));
        gradBiasBuffer.indexAdd_(0, target, factors);
      }
      if (gradInput !== null) {
        const out = gradInputBuffer?.narrow(0, 0, length) ?? gradInput.narrow(0, start, length);
        const rowsOfWeight = castWeight.indexSelect(0, target);
        aten.mul.out(rowsOfWeight, factors.to(out.dtype).unsqueeze(1), { out });
        const [left, right] = plan.gradFromLowered ? [logits.to(dtype), linearWeight] : [logits, castWeight];
        aten.addmm.out(out, left, right, { alpha: -1, out });
        if (gradInputBuffer !== null) gradInput.narrow(0, start, length).copy_(out);
      }
      if (gradWeight !== null) {
        if (gradWeightBuffer !== null) {
          const sameDtype = plan.logits === accumulation;
          const left =
            onCuda || sameDtype || widened === null ? logits : widened.narrow(0, 0, length).copy_(logits);
          multiply(left.t(), onCuda && !sameDtype ? chunk : wide, gradWeightBuffer);
          aten.index_add_.default(gradWeightBuffer, 0, target, scaled(wide, factors), { alpha: -1 });
          gradWeight.sub_(gradWeightBuffer);
        } else {
          const left = plan.logits === dtype ? logits : logits.to(dtype);
          aten.addmm_.default(gradWeight, left.t(), chunk, { alpha: -1 });
          gradWeight.indexAdd_(0, target, lowered(scaled(wide, factors)));
        }
      }
      if (gradBias !== null && gradBiasBuffer !== null && gradBiasBuffer !== gradBias) {
        gradBias.add_(gradBiasBuffer.to(dtype));
        gradBiasBuffer.zero_();
      }
    });
  }
  return { loss: loss.to(dtype), input: gradInput?.to(dtype) ?? null, weight: gradWeight, bias: gradBias };
}

/** What of a problem is no argument with a gradient. */
type Settings = Pick<Problem, 'reduction' | 'ignoreIndex'> & { chunking: Chunking };

interface ScalarState {
  allowRetainGraph: boolean;
  /** Of input, weight and bias. */
  gradients: (Tensor | null)[];
}

/** The mean or the sum: the gradients come with the loss, and backward scales them. */
class LinearCrossEntropy extends AutogradFunction {
  // As the tensor is printed in Python.
  static override readonly name = 'GeneratedBackwardFor_torch_nn__linear_cross_entropy_batch_chunked_default';

  static forward(
    ctx: FunctionCtx<ScalarState>,
    input: Tensor,
    linearWeight: Tensor,
    target: Tensor,
    linearBias: Tensor | null,
    weight: Tensor | null,
    { reduction, ignoreIndex, chunking }: Settings,
    wanted: Wanted,
  ): Tensor {
    const problem = { input, linearWeight, target, linearBias, weight, reduction, ignoreIndex };
    const results = accumulate(problem, chunking, wanted);
    ctx.allowRetainGraph = chunking.allowRetainGraph;
    // They outlive the scopes of this call.
    ctx.gradients = [results.input, results.weight, results.bias].map((tensor) => tensor && keep(tensor));
    return results.loss;
  }

  static backward(ctx: FunctionCtx<ScalarState>, gradOutput: Tensor): (Tensor | null)[] {
    const { allowRetainGraph, gradients } = ctx;
    if (!allowRetainGraph) ctx.gradients = [];
    if (gradients.length === 0) {
      throw new TorchError(
        'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
      );
    }
    const [input = null, weight = null, bias = null] = gradients.map(
      (gradient) => gradient && (allowRetainGraph ? gradient.mul(gradOutput) : gradient.mul_(gradOutput)),
    );
    return [input, weight, null, bias, null, null, null];
  }
}

type Saved = [Tensor, Tensor, Tensor, Tensor | null, Tensor | null];

/** The loss of each row: its gradients are computed from the logits, once more, in backward. */
class LinearCrossEntropyOfRows extends AutogradFunction {
  static override readonly name =
    'GeneratedBackwardFor_torch_nn__linear_cross_entropy_batch_chunked_no_reduction_default';

  static forward(
    ctx: FunctionCtx<{ settings: Settings }>,
    input: Tensor,
    linearWeight: Tensor,
    target: Tensor,
    linearBias: Tensor | null,
    weight: Tensor | null,
    settings: Settings,
  ): Tensor {
    const { ignoreIndex, chunking } = settings;
    const problem = {
      input,
      linearWeight,
      target,
      linearBias,
      weight,
      reduction: 'none',
      ignoreIndex,
    } as const;
    ctx.settings = settings;
    ctx.saveForBackward(
      input.detach(),
      linearWeight.detach(),
      target,
      linearBias?.detach() ?? null,
      weight?.detach() ?? null,
    );
    return accumulate(problem, chunking, { input: false, weight: false, bias: false }).loss;
  }

  static backward(ctx: FunctionCtx<{ settings: Settings }, Saved>, gradOutput: Tensor): (Tensor | null)[] {
    return tidy(() => {
      const [input, linearWeight, target, linearBias, weight] = ctx.savedTensors;
      const { ignoreIndex, chunking } = ctx.settings;
      const [needsInput = false, needsWeight = false, , needsBias = false] = ctx.needsInputGrad;
      const wanted = { input: needsInput, weight: needsWeight, bias: linearBias !== null && needsBias };
      if (!wanted.input && !wanted.weight && !wanted.bias) return [null, null, null, null, null, null];
      const results = accumulate(
        { input, linearWeight, target, linearBias, weight, reduction: 'none', ignoreIndex },
        chunking,
        wanted,
        gradOutput,
      );
      return [results.input, results.weight, null, results.bias, null, null];
    });
  }
}

/**
 * The loss, a scalar or with `reduction: 'none'` one for each row.
 * @throws TorchError, from backward, where the gradients of a scalar are wanted twice without `allowRetainGraph`.
 */
export function chunkedCrossEntropy(problem: Problem, chunking: Chunking): Tensor {
  const { input, linearWeight, target, linearBias, weight, reduction, ignoreIndex } = problem;
  const settings = { reduction, ignoreIndex, chunking };
  if (reduction === 'none') {
    return LinearCrossEntropyOfRows.apply(input, linearWeight, target, linearBias, weight, settings);
  }
  const needed = (tensor: Tensor | null): boolean => isGradEnabled() && tensor?.requiresGrad === true;
  const wanted = { input: needed(input), weight: needed(linearWeight), bias: needed(linearBias) };
  return LinearCrossEntropy.apply(input, linearWeight, target, linearBias, weight, settings, wanted);
}
