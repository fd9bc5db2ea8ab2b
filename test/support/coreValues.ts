/** Results compared with those of test/reference/core_values.py: dtype, shape and bits. */
import { int16, type Tensor } from '../../lib/index.js';
import { bytesOf } from './bits.js';
import { runPython } from './python.js';

export interface Described {
  dtype: string;
  shape: number[];
  bits: string;
}

export function described(tensor: Tensor): Described {
  // JavaScript has no half precision: the bits are those of the integers under it.
  const bits =
    tensor.dtype.name === 'float16' || tensor.dtype.name === 'bfloat16'
      ? halfBits(tensor)
      : bytesOf(tensor).toString('hex');
  return { dtype: String(tensor.dtype), shape: tensor.shape, bits };
}

function halfBits(tensor: Tensor): string {
  const plain = tensor.detach().contiguous();
  return bytesOf(plain.view(int16)).toString('hex');
}

let reference: Record<string, Described> | undefined;

/** What PyTorch gives under this name. */
export function referenceOf(name: string): Described {
  reference ??= JSON.parse(runPython('core_values.py')) as Record<string, Described>;
  const found = reference[name];
  if (found === undefined) throw new Error(`the reference has no '${name}'`);
  return found;
}
