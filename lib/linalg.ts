/** Linear algebra: `torch.linalg`. See https://docs.pytorch.org/docs/2.13/linalg.html */
export { LinAlgError } from './errors.js';
export * from './generated/linalg.js';
