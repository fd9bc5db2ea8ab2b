/** The CTC loss: targets and lengths. */
import { type Guard, outOfRange, tensorOf } from './rule.js';

/** Reads the probabilities of the classes that the targets name; what pads a row of targets may be anything. */
export const ctcTargets: Guard = (given) => {
  const [probabilities, targets] = [tensorOf(given.log_probs), tensorOf(given.targets)];
  if (probabilities === undefined || targets === undefined || probabilities.ndim < 2 || targets.ndim !== 2) {
    return probabilities === undefined || targets === undefined
      ? undefined
      : outOfRange('targets', targets, probabilities.size(-1));
  }
  const lengths = Array.from(
    (tensorOf(given.target_lengths)?.toTypedArray() ?? given.target_lengths) as ArrayLike<unknown>,
    Number,
  );
  for (let row = 0; row < Math.min(targets.size(0), lengths.length); row++) {
    const length = Math.min(Math.max(lengths[row] as number, 0), targets.size(1));
    const problem = outOfRange(
      'targets',
      targets.select(0, row).narrow(0, 0, length),
      probabilities.size(-1),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Walks the lattice of each example of the batch by the lengths that it is given. */
export const ctcBackward: Guard = (given) => {
  const [p, alpha, nll, grad] = ['log_probs', 'log_alpha', 'neg_log_likelihood', 'grad'].map((name) =>
    tensorOf(given[name]),
  );
  if (!p || !alpha || !nll || !grad) return undefined;
  if (p.ndim !== 3) return "argument 'log_probs' must have 3 dimensions";
  const [steps, batch] = p.shape as [number, number];
  const counts = (name: string): number[] =>
    Array.from((tensorOf(given[name])?.toTypedArray() ?? given[name]) as ArrayLike<unknown>, Number);
  const [inputs, targets] = [counts('input_lengths'), counts('target_lengths')];
  if (inputs.length !== batch || targets.length !== batch) return 'there must be as many lengths as examples';
  if (inputs.some((n) => n < 0 || n > steps) || targets.some((n) => n < 0)) return 'a length is out of range';
  const longest = Math.max(0, ...targets);
  if (
    alpha.ndim !== 3 ||
    alpha.size(0) !== batch ||
    alpha.size(1) !== steps ||
    alpha.size(2) < 2 * longest + 1 ||
    alpha.dtype !== p.dtype
  ) {
    return "argument 'log_alpha' is not that of the forward pass";
  }
  if (nll.numel() !== batch || grad.numel() !== batch || nll.dtype !== p.dtype)
    return 'there must be one loss and gradient for each example';
  const list = tensorOf(given.targets);
  const enough =
    list?.ndim === 1
      ? list.numel() >= targets.reduce((a, b) => a + b, 0)
      : list?.size(0) === batch && list.size(1) >= longest;
  if (!enough || (list?.dtype.name !== 'int64' && list?.dtype.name !== 'int32'))
    return "argument 'targets' is shorter than the lengths, or not of integers";
  const blank = Number(given.blank);
  return blank >= 0 && blank < p.size(2) ? ctcTargets(given) : "argument 'blank' is no class";
};
