/** What the fuzzer does not call, and why. */

const operators: readonly [names: RegExp, reason: string][] = [
  [/^(c10d|_c10d_functional|_c10d_functional_autograd|symm_mem|_dtensor)::/, 'waits for other processes'],
  [/^aten::from_file/, 'reads and makes files'],
  [/^profiler::/, 'switches the profiler on, for the whole process'],
  [/^aten::_print$/, 'prints'],
  // With 16 elements a row, the vectors of FBGEMM reach a little over the end of a weight that is right.
  [/^quantized::embedding_bag_2bit_unpack$/, 'reads some bytes beyond its argument, as it does in PyTorch'],
];

const functions: readonly [names: RegExp, reason: string][] = [
  [/(^|\.)(set[A-Z]\w*|use[A-Z]\w*|seed|manualSeed|printoptions)$/, 'changes settings of the whole process'],
  [/^torch\.(keep|tidy|memory\.\w+)$/, 'keeps tensors on purpose, or frees them'],
  [/^torch\.(fromFile|save|load|serialization\.\w+)$|\.(save|load)\w*$/, 'reads and makes files'],
  [/^torch\.ops\.loadLibrary$/, 'runs code of the library'],
  [/^torch\.cuda\./, 'there may be no such device'],
  [/^torch\.(autograd\.\w*|inferenceMode|noGrad|enableGrad)$/, 'takes functions that are run'],
  [/^Tensor\.(constructor|registerHook|apply_|map_)$/, 'takes functions that are run'],
];

const find = (reasons: readonly [names: RegExp, reason: string][], name: string): string | undefined =>
  reasons.find(([names]) => names.test(name))?.[1];

/** Why an operator is left out, or undefined. */
export const excludedOperator = (name: string): string | undefined => find(operators, name);
/** Why a function or method is left out, or undefined. */
export const excludedFunction = (name: string): string | undefined => find(functions, name);
