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
  backward
  bool
  byte
  char
  cpu
  cuda
  data
  dim
  double
  float
  grad
  half
  imag
  int
  isComplex
  isContiguous
  isFloatingPoint
  isInference
  isLeaf
  item
  layout
  long
  mH
  mT
  matrixH
  numpyT
  real
  requiresGrad_
  retainGrad
  retainsGrad
  short
  size
  stride
  to
  tolist
`);
