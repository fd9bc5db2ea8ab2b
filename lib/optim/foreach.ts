/**
 * What the foreach and fused forms of the optimizers share. Sources: torch/optim/optimizer.py and
 * torch/utils/_foreach_utils.py.
 */
import { TorchError } from '../errors.js';
import type { Tensor } from '../tensor.js';

const FOREACH_DEVICES = ['cuda', 'xpu', 'mtia', 'privateuseone'];
const FUSED_DEVICES = ['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia', 'privateuseone'];

/** Whether foreach is the default: where all parameters are on a device that has real foreach kernels. */
export function defaultsToForeach(params: readonly Tensor[]): boolean {
  return params.every((parameter) => FOREACH_DEVICES.includes(parameter.device.type));
}

/** Requires a parameter that the fused kernels can update. */
export function checkFused(parameter: Tensor): void {
  const { dtype, device } = parameter;
  if (FUSED_DEVICES.includes(device.type) && dtype.isFloatingPoint) return;
  throw new TorchError(
    '`fused=True` requires all the params to be floating point Tensors of supported devices: ' +
      `${FUSED_DEVICES.join(', ')} but ${dtype} and ${device.type}`,
  );
}

/**
 * Splits lists that run in parallel into groups whose members of the first list agree in device and dtype; an empty
 * list stays empty in every group. The second result holds the positions that a group's members had.
 */
export function groupByDeviceAndDtype<Lists extends ReadonlyArray<ReadonlyArray<Tensor | undefined>>>(
  lists: Lists,
): Array<{ lists: { -readonly [K in keyof Lists]: Lists[K][number][] }; positions: number[] }> {
  const groups = new Map<string, number[]>();
  (lists[0] ?? []).forEach((item, position) => {
    const { device, dtype } = item as Tensor;
    const key = `${device.type}:${device.index} ${dtype.name}`;
    const positions = groups.get(key);
    if (positions === undefined) groups.set(key, [position]);
    else positions.push(position);
  });
  return [...groups.values()].map((positions) => ({
    lists: lists.map((list) => (list.length === 0 ? [] : positions.map((i) => list[i]))) as {
      -readonly [K in keyof Lists]: Lists[K][number][];
    },
    positions,
  }));
}

/** The groups without the positions. */
export function byDeviceAndDtype<Lists extends ReadonlyArray<ReadonlyArray<Tensor>>>(
  lists: Lists,
): Array<{ -readonly [K in keyof Lists]: Lists[K][number][] }> {
  return groupByDeviceAndDtype(lists).map((group) => group.lists);
}
