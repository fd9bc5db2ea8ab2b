/** The package's entries, its two forms of import, and the classes of its errors. */
import torch, * as named from 'litorch';
import { type DataSwap, swapData, withSwappedData } from 'litorch/adversarial';
import { loadFile, saveFile } from 'litorch/serialization';
import { evaluateSquad, loadSquad, type SquadDataset, type SquadScore } from 'litorch/squad';
import { is } from './is.js';

declare const x: torch.Tensor;
declare const dataset: SquadDataset;

export function imports(): void {
  is<typeof torch.add>()(named.add);
  is<typeof torch.nn.Linear>()(named.nn.Linear);
  is<typeof torch.Tensor>()(named.Tensor);
  is<typeof named.Tensor>()(named.default.Tensor);
  is<string>()(torch.version.torch);
  // Types are there under both names.
  const tensor: named.Tensor = x;
  const options: Partial<torch.optim.AdamWOptions> = { lr: 1 };
  is<torch.Tensor>()(tensor);
  void options;
  // @ts-expect-error: nothing of that name.
  torch.cross_entropy;
  // @ts-expect-error: what the library uses inside is not there.
  torch.native;
}

export function entries(): void {
  is<number>()(withSwappedData(x, x, () => 1));
  using swap = swapData(x, x);
  is<DataSwap>()(swap);
  is<void>()(saveFile({ x }, 'x.safetensors'));
  for (const [name, tensor] of Object.entries(loadFile('x.safetensors'))) {
    is<string>()(name);
    void tensor;
  }
  is<SquadDataset>()(loadSquad('train.json', { requireSpans: true }));
  is<SquadScore>()(evaluateSquad(dataset, {}));
  // @ts-expect-error: one of two tensors.
  swapData(x);
}

export function errors(error: unknown): void {
  if (error instanceof torch.TorchError) {
    const plain: Error = error;
    is<string | undefined>()(error.op);
    void plain;
  }
  if (error instanceof torch.OutOfMemoryError) {
    const base: torch.TorchError = error;
    void base;
  }
  if (error instanceof torch.LinAlgError) is<torch.LinAlgError>()(error);
  if (error instanceof torch.linalg.LinAlgError) is<torch.LinAlgError>()(error);
  is<string>()(new torch.DisposedError('gone').message);
}
