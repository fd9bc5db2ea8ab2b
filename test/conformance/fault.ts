/** Faults put in on purpose: the tests of the harness see that it finds them. */
import torch, { type Tensor } from '../../lib/index.js';
import type { Assignment, FaultKind } from './messages.js';

type Corrupt = (result: Tensor) => unknown;

// In place, so that the graph stays.
function flipLastBit(result: Tensor): Tensor {
  const bits = result.detach().view(torch.int32);
  torch.bitwiseXor(bits, 1, { out: bits });
  return result;
}

const faults: Record<FaultKind, Corrupt> = {
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  exit: () => process.exit(3),
  'last bit': flipLastBit,
  value: (result) => result.add(1),
  copy: (result) => result.clone(),
  dtype: (result) => result.to(torch.float16),
  'no result': () => null,
  strides: (result) => result.mT.contiguous().mT,
  throws: () => {
    throw new Error('a fault put in on purpose');
  },
};

/** What shall happen to the result of a sample, mostly nothing. */
export function faultOf(assignment: Assignment, sample: number): ((result: unknown) => unknown) | undefined {
  const { entry, task } = assignment;
  if (task.kind !== 'float32') return undefined;
  const fault = assignment.faults?.find(
    ({ op, sample: at, form = 'function' }) => op === entry.name && at === sample && form === task.form,
  );
  if (fault === undefined) return undefined;
  return (result) => faults[fault.kind](result as Tensor);
}
