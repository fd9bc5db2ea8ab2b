import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import { empty } from '../../functions.js';
import { Parameter } from '../parameter.js';

/** Where a layer makes its parameters; `null` stands for the defaults. */
export interface Factory {
  device: DeviceLike | null;
  dtype: DType | null;
}

/** A parameter of the given shape whose values are yet to be set. */
export function emptyParameter(
  shape: readonly number[],
  { device, dtype }: Factory,
  options: { requiresGrad?: boolean } = {},
): Parameter {
  const data = empty(shape, { device: device ?? undefined, dtype: dtype ?? undefined });
  const parameter = new Parameter(data, options);
  data.dispose();
  return parameter;
}
