/** Older names of products with sparse matrices, which `torch` has still. */
export { hspmm as hsmm, mm as dsmm, mm as spmm, sspaddmm as saddmm } from '../functions.js';
