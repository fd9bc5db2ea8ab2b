/**
 * `torch.multiprocessing`, with worker threads in the place of processes: tensors cross from one to another without a
 * copy. See docs/workers.md and https://docs.pytorch.org/docs/2.13/multiprocessing.html
 */
export type { Shared, SharedTensor } from './message.js';
export { receive } from './receive.js';
export { revoke, type SharedStats, type ShareOptions, share, stats } from './share.js';
