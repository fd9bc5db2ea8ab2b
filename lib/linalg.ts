/** Linear algebra: `torch.linalg`. See https://docs.pytorch.org/docs/stable/linalg.html */
export { LinAlgError } from './errors.js';
export * from './generated/linalg.js';
