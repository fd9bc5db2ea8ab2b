/** The gradient of some eigenpairs of a symmetric matrix, with the steps of PyTorch's `torch/_lobpcg.py`. */
import * as functions from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import { Generator } from '../generator.js';
import type { Tensor } from '../tensor.js';

/** Where the eigenvectors span the whole space. */
function completeBackward(gradE: Tensor, gradX: Tensor, E: Tensor, X: Tensor): Tensor {
  const differences = E.unsqueeze(-2).sub(E.unsqueeze(-1));
  differences.diagonal(0, -2, -1).fill_(Number.POSITIVE_INFINITY);
  differences.pow_(-1);
  const transposed = X.mT.contiguous();
  const inner = functions.diagEmbed(gradE).add(transposed.matmul(gradX).mul(differences));
  return X.matmul(inner.matmul(transposed));
}

/** The coefficients, the highest last, of the polynomial that has these roots. */
function coefficientsOf(roots: Tensor): Tensor {
  const shape = roots.shape;
  const order = shape.at(-1) as number;
  let coefficients = roots.newZeros([...shape.slice(0, -1), order + 2]);
  coefficients.select(-1, 0).fill_(1);
  coefficients.select(-1, -1).fill_(1);
  for (let i = 1; i <= order; i++) {
    const next = roots.requiresGrad ? coefficients.clone() : coefficients;
    const product = roots.narrow(-1, i - 1, 1).mul(coefficients.narrow(-1, order - i + 1, i + 1));
    next.narrow(-1, order - i, i + 1).sub_(product);
    coefficients = next;
  }
  return coefficients.narrow(-1, 1, order + 1);
}

/** The polynomial's value by Horner's rule, from `one` on. */
function evaluate(
  coefficients: Tensor,
  one: Tensor,
  step: (value: Tensor, coefficient: Tensor) => Tensor,
): Tensor {
  let value = one.clone();
  for (let k = coefficients.size(-1) - 2; k >= 0; k--) value = step(value, coefficients.select(-1, k));
  return value;
}

function atVector(coefficients: Tensor, x: Tensor): Tensor {
  return evaluate(coefficients, x.newOnes([1]).expand(x.shape), (value, coefficient) =>
    functions.addcmul(coefficient.unsqueeze(-1), x, value),
  );
}

function atMatrix(coefficients: Tensor, x: Tensor): Tensor {
  const size = x.size(-1);
  const batch = x.shape.slice(0, -2).map(() => 1);
  const identity = functions
    .eye(size, size, { dtype: x.dtype, device: x.device })
    .view([...batch, size, size]);
  return evaluate(coefficients, identity, (value, coefficient) => {
    const next = x.matmul(value);
    next.diagonal(0, -2, -1).add_(coefficient.unsqueeze(-1));
    return next;
  });
}

/** Where they span a part of it: the rest comes from a Sylvester equation. */
function partialBackward(
  gradE: Tensor,
  gradX: Tensor,
  A: Tensor,
  E: Tensor,
  X: Tensor,
  largest: boolean,
): Tensor {
  const transposed = X.mT.contiguous();
  const projection = X.matmul(transposed).neg();
  projection.diagonal(0, -2, -1).add_(1);
  const { dtype, device, shape } = A;
  // Of a fixed seed, so that the gradient does not depend on what was drawn before.
  const generator = new Generator(device);
  const random = functions.randn([...shape.slice(0, -1), A.size(-1) - E.size(-1)], {
    dtype,
    device,
    generator,
  });
  const complement = projection.matmul(random);
  const complementT = complement.mT.contiguous();
  const polynomial = coefficientsOf(E);
  const order = polynomial.size(-1) - 1;
  let projected = gradX;
  const series = projected.newZeros(projected.shape);
  for (let k = 1; k <= order; k++) {
    const value = atVector(polynomial.narrow(-1, k, order + 1 - k), E);
    series.add_(projected.mul(value.unsqueeze(-2)));
    projected = A.matmul(projected);
  }
  const restricted = complementT.matmul(atMatrix(polynomial, A).matmul(complement));
  // Positive definite, up to this sign, where the eigenvalues are distinct.
  const sign = largest && order % 2 === 1 ? -1 : 1;
  const factor = linalg.cholesky(restricted.mul(sign));
  const result = completeBackward(gradE, gradX, E, X);
  const solution = functions.choleskySolve(complementT.matmul(series), factor).mul(sign);
  return result.sub_(complement.matmul(solution).matmul(transposed));
}

/** The gradient by A of eigenvalues E and eigenvectors X, whose gradients are given. */
export function eigenBackward(
  gradE: Tensor,
  gradX: Tensor,
  A: Tensor,
  E: Tensor,
  X: Tensor,
  largest: boolean,
): Tensor {
  return X.size(-1) === X.size(-2)
    ? completeBackward(gradE, gradX, E, X)
    : partialBackward(gradE, gradX, A, E, X, largest);
}
