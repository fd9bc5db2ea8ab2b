/** Special functions: `torch.special`. See https://docs.pytorch.org/docs/stable/special.html */
export * from './generated/special.js';
