/** What helps around modules: clipping, vectors of parameters, packed sequences. */
export * from './clip_grad.js';
export * from './convert_parameters.js';
export * as rnn from './rnn.js';
export * from './spectral_norm.js';
