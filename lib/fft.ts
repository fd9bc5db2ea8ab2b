/** Fourier transforms: `torch.fft`. See https://docs.pytorch.org/docs/2.13/fft.html */
export * from './generated/fft.js';
