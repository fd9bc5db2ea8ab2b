/** Which modules show their arguments and results to nobody, so that what lies between two of them can be freed. */
import { ownModules, stateOf } from './members.js';
import type { Module } from './module.js';

/** The prototypes of the library's own layers. */
const own = new WeakSet<object>();

/** Notes the layers among what a file exports. */
export function addLayers(exported: object, base: typeof Module): void {
  for (const value of Object.values(exported)) {
    if (typeof value === 'function' && value.prototype instanceof base) own.add(value.prototype as object);
  }
}

/**
 * Whether nothing but the module's own `forward`, which keeps nothing, sees what it is given and gives: a layer of the
 * library's (a subclass may keep anything), without hooks, and without a `forward` of its own.
 */
export function isQuiet(module: Module): boolean {
  const prototype = Object.getPrototypeOf(module) as object;
  if (!own.has(prototype) || stateOf(module).hooks !== null || Object.hasOwn(module, 'forward')) return false;
  return ownModules(module).every(([, child]) => isQuiet(child));
}
