/** What libtorch was built with. See https://docs.pytorch.org/docs/2.13/backends.html */
import { native } from './native.js';

/** One of the libraries that libtorch may have been built with. */
export interface Backend {
  /** Whether libtorch has it. */
  isAvailable(): boolean;
}

const backend = (name: 'mkl' | 'mkldnn' | 'openmp'): Backend => ({
  isAvailable: () => native.features()[name],
});

/** Intel's Math Kernel Library. */
export const mkl: Backend = backend('mkl');
/** oneDNN. */
export const mkldnn: Backend = backend('mkldnn');
/** OpenMP, the threads within one operator. */
export const openmp: Backend = backend('openmp');

/** The processor. */
export const cpu = {
  /** The best instructions that libtorch uses on this processor, such as `AVX2`. */
  getCpuCapability: (): string => native.features().cpuCapability,
} as const;
