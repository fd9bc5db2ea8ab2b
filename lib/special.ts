/** Special functions: `torch.special`. See https://docs.pytorch.org/docs/2.13/special.html */
export * from './generated/special.js';
