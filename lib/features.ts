/** What libtorch was built with, as `torch` itself has it; `torch.backends` asks the same. */
import { native } from './native.js';

const { lapack, mkl, openmp } = native.features();

/** Whether libtorch has LAPACK, which `torch.linalg` needs on the CPU. */
export const hasLapack: boolean = lapack;
/** Whether libtorch has Intel's Math Kernel Library. */
export const hasMkl: boolean = mkl;
/** Whether libtorch has OpenMP. */
export const hasOpenmp: boolean = openmp;
/** Whether libtorch has Fourier transforms; every one has. */
export const hasSpectral = true;
