/** The iteration behind `torch.lobpcg`, on one matrix. */
import { TorchError } from '../errors.js';
import * as functions from '../generated/functions.js';
import { tidy } from '../memory.js';
import { ops } from '../ops.js';
import { pow } from '../optim/scalarMath.js';
import type { Tensor } from '../tensor.js';
import { basis, matmul, quadraticForm, symmetricEigen } from './linalgUtils.js';
import { norm } from './norm.js';

/** What does not change while the solver runs. */
export interface LobpcgParameters {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly niter: number;
  readonly tol: number;
  readonly largest: boolean;
  readonly method: string;
  readonly iMax: number;
  readonly jMax: number;
  readonly orthoTol: number;
  readonly tolDrop: number;
  readonly tolReplace: number;
  readonly useDrop: boolean;
}

const { aten } = ops;
const mm = (A: Tensor, B: Tensor): Tensor => aten.matmul(A, B) as Tensor;
const number = (tensor: Tensor): number => Number(tensor.item());
const sizeOf = (tensor: Tensor): number => number(norm(tensor));
const columnsOf = (tensor: Tensor): number => tensor.shape.at(-1) as number;
const columns = (tensor: Tensor, from: number, to: number): Tensor => tensor.slice(1, from, to);
/** Where a vector of truth values is true. */
const where = (mask: Tensor): Tensor => mask.nonzero().select(1, 0);

/** The state of the solver, which a tracker is given after each iteration. */
export class Lobpcg {
  /** Eigenvalues, `(n)`. */
  readonly E: Tensor;
  /** Eigenvectors, `(m, n)`. */
  X: Tensor;
  /** Residuals, `(m, n)`. */
  R: Tensor;
  /** The subspace in which the next vectors are sought, `(m, 3n)`. */
  readonly S: Tensor;
  /** Iterations done. */
  step = 0;
  iterationsLeft: number;
  /** How many eigenpairs, counted from the first, have converged. */
  convergedCount = 0;
  /** Ends the iteration where a tracker sets it. */
  forceStop = false;
  private convergedEnd = 0;
  private normA = 0;
  private normB = 0;

  constructor(
    readonly A: Tensor,
    readonly B: Tensor | null,
    X: Tensor,
    private readonly iK: Tensor | null,
    private readonly parameters: LobpcgParameters,
    private readonly tracker: ((worker: Lobpcg) => void) | null,
  ) {
    const { m, n, niter } = parameters;
    const { dtype, device } = X;
    this.X = X;
    this.E = functions.zeros([n], { dtype, device });
    this.R = functions.zeros([m, n], { dtype, device });
    this.S = functions.zeros([m, 3 * n], { dtype, device });
    this.iterationsLeft = niter;
  }

  run(): void {
    do {
      // What outlives an iteration is what the solver itself holds.
      tidy(() => {
        this.update();
        return [this.X, this.R];
      });
      this.tracker?.(this);
    } while (!this.forceStop && this.iterationsLeft !== 0 && this.convergedCount < this.parameters.k);
  }

  private update(): void {
    if (this.step === 0) {
      const inverse = pow(sizeOf(this.X), -1);
      this.normA = sizeOf(matmul(this.A, this.X)) * inverse;
      this.normB = sizeOf(matmul(this.B, this.X)) * inverse;
    }
    if (this.parameters.method === 'ortho') this.updateOrtho();
    else this.updateBasic();
    this.iterationsLeft--;
    this.step++;
  }

  private updateResidual(): void {
    this.R = matmul(this.A, this.X).sub(matmul(this.B, this.X).mul(this.E));
  }

  private updateConvergedCount(): number {
    const { E, X, R } = this;
    const scale = E.slice(0, 0, columnsOf(X)).abs().mul(this.normB).add(this.normA);
    const error = norm(R, 2, [0]).div(norm(X, 2, [0]).mul(scale));
    const converged = error.lt(this.parameters.tol).tolist() as boolean[];
    const end = converged.indexOf(false);
    const count = end < 0 ? converged.length : end;
    if (count < this.convergedCount) {
      throw new TorchError(
        `the number of converged eigenpairs (was ${this.convergedCount}, got ${count}) cannot decrease`,
      );
    }
    this.convergedCount = count;
    return count;
  }

  /** The subspace becomes the vectors, the last steps and new directions. */
  private fill(P: Tensor | undefined, directions: (known: number) => Tensor): void {
    const { n } = this.parameters;
    columns(this.S, 0, n).copy_(this.X);
    let end = n;
    if (P !== undefined) {
      end += columnsOf(P);
      columns(this.S, n, end).copy_(P);
    }
    const W = directions(end);
    this.convergedEnd = end + columnsOf(W);
    columns(this.S, end, this.convergedEnd).copy_(W);
  }

  private updateBasic(): void {
    const { n, largest } = this.parameters;
    const found = this.convergedCount;
    if (this.step === 0) {
      const Ri = this.rayleighRitz(this.X);
      const [E, Z] = symmetricEigen(quadraticForm(quadraticForm(this.A, this.X), Ri), largest);
      this.X.copy_(mm(this.X, mm(Ri, Z)));
      this.E.copy_(E);
      this.updateResidual();
      this.updateConvergedCount();
      this.fill(undefined, () => matmul(this.iK, this.R));
      return;
    }
    const S = columns(this.S, found, this.convergedEnd);
    const Ri = this.rayleighRitz(S);
    const [E, Z] = symmetricEigen(quadraticForm(quadraticForm(this.A, S), Ri), largest);
    columns(this.X, found, n).copy_(mm(S, mm(Ri, columns(Z, 0, n - found))));
    this.E.slice(0, found).copy_(E.slice(0, 0, n - found));
    const P = mm(S, mm(Ri, columns(Z, n, 2 * n - found)));
    this.updateResidual();
    const now = this.updateConvergedCount();
    this.fill(P, () => matmul(this.iK, columns(this.R, now, n)));
  }

  private updateOrtho(): void {
    const { n, largest } = this.parameters;
    const found = this.convergedCount;
    if (this.step === 0) {
      const Ri = this.rayleighRitz(this.X);
      const [, Z] = symmetricEigen(quadraticForm(quadraticForm(this.A, this.X), Ri), largest);
      this.X = mm(this.X, mm(Ri, Z));
      this.updateResidual();
      this.updateConvergedCount();
      this.fill(undefined, () => this.orthogonalized(this.R, this.X));
      return;
    }
    const S = columns(this.S, found, this.convergedEnd);
    const [E, Z] = symmetricEigen(quadraticForm(this.A, S), largest);
    const kept = n - found;
    columns(this.X, found, n).copy_(mm(S, columns(Z, 0, kept)));
    this.E.slice(0, found).copy_(E.slice(0, 0, kept));
    const rest = columns(Z, kept, columnsOf(Z));
    const P = mm(S, mm(rest, basis(rest.slice(0, 0, kept).mT)));
    this.updateResidual();
    const now = this.updateConvergedCount();
    this.fill(P, (known) => this.orthogonalized(columns(this.R, now, n), columns(this.S, 0, known)));
  }

  /** The matrix that makes the columns of S orthonormal with respect to B. */
  private rayleighRitz(S: Tensor): Tensor {
    const SBS = quadraticForm(this.B, S);
    const row = SBS.diagonal(0, -2, -1).pow(-0.5);
    const column = row.reshape([row.shape[0] as number, 1]);
    const R = aten.linalg_cholesky(SBS.mul(row).mul(column), { upper: true }) as Tensor;
    return aten.linalg_solve_triangular(R, row.diagEmbed(), { upper: true, left: false }) as Tensor;
  }

  /** The columns of U made orthonormal with respect to B, by singular values; `drop` leaves out small ones. */
  private svqb(U: Tensor, drop: boolean, tau: number): Tensor {
    if (U.numel() === 0) return U;
    let chosen = U;
    let UBU = quadraticForm(this.B, chosen);
    let d = UBU.diagonal(0, -2, -1);
    const nonzero = where(d.abs().ne(0));
    if (nonzero.numel() < d.numel()) {
      chosen = chosen.indexSelect(1, nonzero);
      if (chosen.numel() === 0) return chosen;
      UBU = quadraticForm(this.B, chosen);
      d = UBU.diagonal(0, -2, -1);
    }
    let column = d.pow(-0.5).reshape([d.shape[0] as number, 1]);
    let [E, Z] = symmetricEigen(UBU.mul(column).mul(column.mT));
    const least = E.abs().max().mul(tau);
    if (drop) {
      const keep = where(E.gt(least));
      E = E.indexSelect(0, keep);
      Z = Z.indexSelect(1, keep);
      column = column.indexSelect(0, keep);
    } else {
      E.maskedFill_(E.lt(least), least);
    }
    return mm(chosen.mul(column.mT), Z.mul(E.pow(-0.5)));
  }

  /** The columns of U made orthonormal with respect to B, and orthogonal to those of V. */
  private orthogonalized(U: Tensor, V: Tensor): Tensor {
    const { m, iMax, jMax, orthoTol, tolDrop, tolReplace, useDrop } = this.parameters;
    const normBV = norm(matmul(this.B, V));
    let result = U;
    let BU = matmul(this.B, result);
    let VBU = mm(V.mT, BU);
    for (let i = 0; i < iMax; i++) {
      result = result.sub(mm(V, VBU));
      for (let j = 0; j < jMax; j++) {
        const drop = useDrop && j > 0;
        result = this.svqb(result, drop, useDrop && j === 0 ? tolDrop : tolReplace);
        if (result.numel() === 0) return result;
        BU = matmul(this.B, result);
        const UBU = mm(result.mT, BU);
        const normU = norm(result);
        const normBU = norm(BU);
        const { dtype, device } = UBU;
        const R = UBU.sub(functions.eye(columnsOf(UBU), { dtype, device }));
        if (sizeOf(R) * pow(number(normBU.mul(normU)), -1) < orthoTol) break;
      }
      VBU = mm(V.mT, BU);
      const normVBU = norm(VBU);
      const normU = norm(result);
      if (number(normVBU) * pow(number(normBV.mul(normU)), -1) < orthoTol) break;
      if (m < columnsOf(result) + columnsOf(V)) {
        throw new RangeError(
          `Overdetermined shape of U: #B-cols(=${m}) >= #U-cols(=${columnsOf(result)}) + ` +
            `#V-cols(=${columnsOf(V)}) must hold`,
        );
      }
    }
    return result;
  }
}
