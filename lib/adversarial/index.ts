/**
 * What adversarial training needs beside PyTorch's own functions.
 *
 *     import { withSwappedData } from 'litorch/adversarial';
 */
export { type DataSwap, swapData, withSwappedData } from './swap.js';
