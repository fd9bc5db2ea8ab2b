/** Which functions and methods PyTorch documents: those that its Python sources give a text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sources: Readonly<Record<string, readonly (readonly [file: string, pattern: RegExp])[]>> = {
  torch: [['_torch_docs.py', /add_docstr\(\s*torch\.(\w+)/g]],
  Tensor: [
    ['_tensor_docs.py', /add_docstr_all\(\s*"(\w+)"/g],
    ['_tensor.py', /_add_docstr\(\s*_C\.TensorBase\.(\w+)/g],
  ],
  linalg: [['linalg/__init__.py', /_add_docstr\(\s*_linalg\.linalg_(\w+)/g]],
  special: [['special/__init__.py', /_add_docstr\(\s*_special\.special_(\w+)/g]],
  fft: [['fft/__init__.py', /_add_docstr\(\s*_fft\.fft_(\w+)/g]],
  nn: [
    [
      'nn/functional.py',
      /(?:_add_docstr\(\s*torch(?:\._C\._nn)?\.|^def |^(?=\w+ = boolean_dispatch\())([a-z]\w*)/gm,
    ],
  ],
};

/** `folder` is the Python package `torch`; the names by module, as Python spells them. */
export function documentedNames(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(sources).map(([module, texts]) => [
      module,
      new Set(
        texts.flatMap(([file, pattern]) =>
          [...readFileSync(join(folder, file), 'utf8').matchAll(pattern)].map((match) => match[1] as string),
        ),
      ),
    ]),
  );
}
