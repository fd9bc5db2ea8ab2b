/** The forms in which an entry of op_db is called. */
import type { Tensor } from '../../lib/index.js';
import { callEntry } from './adapters.js';
import { callPath, type Kwargs } from './invoke.js';
import type { Entry, Form } from './protocol.js';

/** The arguments of a call. */
export interface Given {
  positional: readonly unknown[];
  kwargs: Kwargs;
  /** What goes to the option `out`. */
  out?: unknown;
  /** The tensors that the call is to write to and to return: filled in by {@link callForm}. */
  written: readonly unknown[];
}

/** An operator in place on `self`: a method, or a function with the option `inplace`. */
function callInPlace(path: string, self: unknown, given: Given): unknown {
  const args = [self, ...given.positional.slice(1)];
  given.written = [self];
  const isMethod = path.startsWith('torch.Tensor.');
  return callPath(path, args, isMethod ? given.kwargs : { ...given.kwargs, inplace: true });
}

/** Calls an entry as the reference does; see test/reference/op_db_forms.py. */
export function callForm(entry: Entry, form: Form, given: Given): unknown {
  const { positional, kwargs, out } = given;
  switch (form) {
    case 'function':
      return callEntry(entry, positional, kwargs);
    case 'method':
      return callPath(entry.method as string, positional, kwargs);
    case 'inplace':
      return callInPlace(entry.inplace as string, (positional[0] as Tensor).clone(), given);
    case 'leaf':
      return callInPlace(entry.inplace as string, positional[0], given);
    case 'out':
    case 'resized':
      given.written = Array.isArray(out) ? out : [out];
      return callEntry(entry, positional, { ...kwargs, out });
  }
}
