/**
 * Memory. Tensors that nothing refers to are freed by themselves; scopes free them sooner and in a known place.
 * See docs/memory.md.
 */
import { collect } from './gc.js';
import { debugging, setDebugging } from './memory/debug.js';
import { type LiveTensor, live } from './memory/live.js';
import { native } from './native.js';

export type { LiveTensor } from './memory/live.js';
export { keep, tidy } from './memory/tidy.js';
export { tidyAsync } from './memory/tidyAsync.js';

/** The tensors of a device, as {@link Memory.stats} gives them. */
export interface DeviceMemoryStats {
  /** Tensors that JavaScript holds, or that have not been found to be garbage yet. */
  tensors: number;
  /** Bytes of their storages, each counted once, with what a tensor takes besides. */
  bytes: number;
  /** The most that `bytes` has been. */
  peakBytes: number;
}

/** What {@link Memory.stats} gives. */
export interface MemoryStats extends DeviceMemoryStats {
  /**
   * Bytes that libtorch holds on the CPU besides: activations that graphs have saved, gradients that nobody has looked
   * at. Where there are workers, this thread's part of what is the process's.
   */
  unseenBytes: number;
  /** How often dead tensors were looked for. */
  sweeps: number;
  /** Tensors freed by sweeps. */
  swept: number;
  /** Of these the ones that a scope, which has ended since, would have freed. */
  sweptInScopes: number;
  /** Time that sweeps took, in milliseconds. */
  sweepMilliseconds: number;
  /** The same by device, `cpu` or `cuda:0`: each that has had tensors, the CPU in any case. */
  devices: { cpu: DeviceMemoryStats; [device: string]: DeviceMemoryStats | undefined };
}

/** `torch.memory`: memory as litorch sees it, for this thread. */
export interface Memory {
  /** Live tensors and bytes, in all and by device, and what sweeps have done. */
  stats(): MemoryStats;
  /**
   * Collects garbage now and frees the tensors that it held. Nothing in normal work needs it: memory is watched and
   * collected by itself. Blocks kept for reuse go back to the system. Gives the number of tensors freed.
   */
  collect(): number;
  /** The tensors that are left once garbage has been collected, the largest first. */
  live(): LiveTensor[];
  /**
   * Remembers where tensors are made and freed, which {@link live} then lists and the error says when a tensor is used
   * that has been freed. Some microseconds a tensor. Default: `false`.
   */
  debug: boolean;
}

/** Memory as litorch sees it, for this thread. */
export const memory: Memory = {
  stats: () => native.memoryStats(),
  collect,
  live,
  get debug() {
    return debugging();
  },
  set debug(value) {
    setDebugging(value);
  },
};
