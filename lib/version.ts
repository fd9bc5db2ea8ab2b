/** Versions. */
import { native } from './native.js';

const { version, flavour } = native.buildInfo();

/** What litorch runs on: `torch`, the libtorch it was built against; `flavour`, `cpu` or a CUDA version; `cuda` as PyTorch has it. */
export const torchVersion: {
  readonly torch: string;
  readonly flavour: string;
  readonly cuda: string | null;
} = {
  torch: version,
  flavour,
  cuda: /^cu(\d+)(\d)$/.exec(flavour)?.slice(1).join('.') ?? null,
};

/** How libtorch was built. See https://docs.pytorch.org/docs/2.13/config_mod.html */
export function showConfig(): string {
  return native.buildInfo().config;
}
