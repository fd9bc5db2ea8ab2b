/** Asking for a garbage collection, where memory has run out or a test wants to know what is left. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { native } from './native.js';

type Gc = (options?: { type: 'minor' }) => void;

let found: Gc | undefined;

function gc(options?: { type: 'minor' }): void {
  if (found === undefined) {
    // The flag can be set while running; a new context then sees the function, without a flag at start.
    setFlagsFromString('--expose-gc');
    found = runInNewContext('gc') as Gc;
    setFlagsFromString('--no-expose-gc');
  }
  found(options);
}

native.setCollector((full) => gc(full ? undefined : { type: 'minor' }));

/**
 * Collects garbage now and frees the tensors that it held. Nothing in normal work needs it: memory is watched and
 * collected by itself. Blocks kept for reuse go back to the system. Gives the number of tensors freed.
 */
export function collect(): number {
  // A collection that V8 had begun by itself ends with the first one, and keeps what has died since it began.
  gc();
  gc();
  const freed = native.sweep();
  native.releaseMemory();
  return freed;
}
