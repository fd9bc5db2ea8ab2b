/** Fourier transforms: `torch.fft`. See https://docs.pytorch.org/docs/stable/fft.html */
export * from './generated/fft.js';
