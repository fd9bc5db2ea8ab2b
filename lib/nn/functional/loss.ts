/** Losses. */
export * from './loss/classification.js';
export * from './loss/embedding.js';
export type { LossOptions } from './loss/options.js';
export * from './loss/regression.js';
