/**
 * Names that the generator leaves out because they are written by hand, as PyTorch writes them in Python or C++.
 * Functions need no list: a module that exports a name by hand takes precedence over the generated one.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Members of the class Tensor, one a line so that changes do not collide. */
export const methodsByHand = words(`
  H
  T
  adjoint_
  apply_
  backward
  bool
  byte
  chalf
  char
  contiguous
  cpu
  cuda
  data
  dim
  double
  eig
  float
  grad
  half
  imag
  index
  indexPut
  indexPut_
  int
  isComplex
  isContiguous
  isFloatingPoint
  isInference
  isLeaf
  item
  layout
  long
  lstsq
  lu
  mH
  mT
  map2_
  map_
  matrixH
  moduleLoad
  nonzero
  norm
  numpyT
  real
  reinforce
  requiresGrad_
  retainGrad
  retainsGrad
  short
  size
  solve
  split
  stft
  stride
  symeig
  to
  toSparseCoo
  tolist
  unique
  uniqueConsecutive
`);
