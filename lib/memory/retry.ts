/** Trying once more where memory has run out. */
import { OutOfMemoryError } from '../errors.js';
import { collect } from '../gc.js';

/**
 * What `run` gives. Where memory runs out, garbage is collected and it is run again; so it must be something that can
 * be run twice.
 * @throws OutOfMemoryError where there is no memory then either.
 */
export function retrying<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
  }
  // What the collector has not come to yet may be enough. The error is let go of first: it may hold tensors.
  collect();
  return run();
}
