/** Linear algebra: `torch.linalg`. See https://docs.pytorch.org/docs/stable/linalg.html */
export * from './generated/linalg.js';
