/** Functions of sparse tensors. See https://docs.pytorch.org/docs/2.13/sparse.html#torch-sparse-functions */
export { addmm, logSoftmax, mm, sampledAddmm, softmax, spdiags, spsolve, sum } from './functions.js';
