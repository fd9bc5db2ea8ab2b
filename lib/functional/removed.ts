/** Functions that PyTorch has removed but still knows by name, so that the error can say what has taken their place. */
import { TorchError } from '../errors.js';

const removed = (instead: string): never => {
  throw new TorchError(`This function was deprecated since version 1.9 and is now removed. ${instead}`);
};

/** Removed from PyTorch. @throws TorchError that names `torch.linalg.matrixRank`. */
export function matrixRank(..._args: unknown[]): never {
  return removed(
    "Please use the `torch.linalg.matrixRank` function instead. The parameter 'symmetric' is called 'hermitian' there.",
  );
}

/** Removed from PyTorch. @throws TorchError that names `torch.linalg.solve`. */
export function solve(..._args: unknown[]): never {
  return removed(
    '`torch.solve` is deprecated in favor of `torch.linalg.solve`, which takes its arguments in reverse and gives no ' +
      'factors: torch.solve(B, A)[0] becomes torch.linalg.solve(A, B).',
  );
}

/** Removed from PyTorch. @throws TorchError that names `torch.linalg.lstsq`. */
export function lstsq(..._args: unknown[]): never {
  return removed(
    '`torch.lstsq` is deprecated in favor of `torch.linalg.lstsq`, which takes its arguments in reverse: ' +
      'torch.lstsq(B, A)[0] becomes torch.linalg.lstsq(A, B).solution.',
  );
}

/** Removed from PyTorch. @throws TorchError that names `torch.linalg.eigh`. */
export function symeig(..._args: unknown[]): never {
  return removed(
    'Please use `torch.linalg.eigh` or `torch.linalg.eigvalsh` instead, which read the lower triangle unless UPLO is ' +
      "'U'.",
  );
}

/** Removed from PyTorch. @throws TorchError that names `torch.linalg.eig`. */
export function eig(..._args: unknown[]): never {
  return removed(
    '`torch.linalg.eig` and `torch.linalg.eigvals` have taken its place; they give complex tensors.',
  );
}
