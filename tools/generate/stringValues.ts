/** The strings that an argument may be, where PyTorch's documentation names them all. */

const values: Readonly<Record<string, readonly string[]>> = {
  approximate: ['none', 'tanh'],
  indexing: ['ij', 'xy'],
  interpolation: ['linear', 'lower', 'higher', 'midpoint', 'nearest'],
  norm: ['backward', 'ortho', 'forward'],
  padding: ['same', 'valid'],
  rounding_mode: ['trunc', 'floor'],
  side: ['left', 'right'],
  UPLO: ['L', 'U'],
  'linalg_lstsq.driver': ['gels', 'gelsy', 'gelsd', 'gelss'],
  'linalg_svd.driver': ['gesvd', 'gesvdj', 'gesvda'],
  'linalg_svdvals.driver': ['gesvd', 'gesvdj', 'gesvda'],
  'linalg_qr.mode': ['reduced', 'complete', 'r'],
  'linalg_cond.p': ['fro', 'nuc'],
  'linalg_norm.ord': ['fro', 'nuc'],
  'linalg_matrix_norm.ord': ['fro', 'nuc'],
  'index_reduce.reduce': ['prod', 'mean', 'amax', 'amin'],
  'scatter.reduce': ['add', 'multiply'],
  'scatter_reduce.reduce': ['sum', 'prod', 'mean', 'amax', 'amin'],
  'segment_reduce.reduce': ['sum', 'prod', 'mean', 'max', 'min'],
};

/** The union type of the strings, or undefined where any may be given. */
export function stringValues(op: string, argument: string): string | undefined {
  const found = values[`${op.replace(/_$/, '')}.${argument}`] ?? values[argument];
  return found?.map((value) => `'${value}'`).join(' | ');
}
