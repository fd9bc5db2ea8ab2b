/**
 * litorch: PyTorch for TypeScript.
 *
 * ```ts
 * import torch, { nn, optim } from 'litorch';
 * ```
 *
 * Names are PyTorch's in camel case; arguments are positional in PyTorch's order, or one options object in last place.
 */
import * as torch from './torch.js';

export * from './torch.js';
export default torch;
