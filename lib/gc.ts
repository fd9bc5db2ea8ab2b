/** Asking for a garbage collection, where memory has run out or a test wants to know what is left. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { native } from './native.js';

let gc: (() => void) | undefined;

/**
 * Collects garbage now and frees the tensors that it held. Nothing in normal work needs it: memory is watched and
 * collected by itself. Blocks kept for reuse go back to the system. Gives the number of tensors freed.
 */
export function collect(): number {
  if (gc === undefined) {
    // The flag can be set while running; a new context then sees the function, without a flag at start.
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  gc();
  const freed = native.sweep();
  native.releaseMemory();
  return freed;
}
