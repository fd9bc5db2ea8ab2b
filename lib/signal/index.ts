/** Signal processing: `torch.signal`. See https://docs.pytorch.org/docs/2.13/signal.html */
export * as windows from './windows.js';
