/** Types of messages between threads. */
import torch, { type Tensor } from 'litorch';
import { is } from './is.js';

const { share, receive, revoke, stats } = torch.multiprocessing;
type SharedTensor = torch.multiprocessing.SharedTensor;

declare const x: Tensor;
interface Work {
  readonly state: Record<string, Tensor>;
  readonly array: Float32Array;
  readonly when: Date;
}
declare const work: Work;

export function messages(): void {
  is<SharedTensor>()(share(x));
  is<SharedTensor>()(share(new torch.nn.Parameter(x)));
  is<SharedTensor[]>()(share([x]));
  is<Record<string, SharedTensor>>()(share({} as Record<string, Tensor>));
  is<Map<string, SharedTensor>>()(share(new Map<string, Tensor>()));
  is<Record<string, SharedTensor>>()(share(work).state);
  is<Float32Array>()(share(work).array);
  is<Date>()(share(work).when);
  is<number>()(share({ model: { weight: x }, step: 3 }).step);
  is<SharedTensor>()(share({ model: { weight: x }, step: 3 }, { receivers: 2 }).model.weight);
  // @ts-expect-error: a number.
  share(x, { receivers: '2' });
  // @ts-expect-error: no such option.
  share(x, { times: 2 });
}

export function received(): void {
  is<unknown>()(receive(5));
  is<Tensor>()(receive<Tensor>(5));
  is<number>()(revoke(share(x)));
  is<number>()(stats().bytes);
  is<boolean>()(x.isShared());
  is<Tensor>()(x.shareMemory_());
  is<torch.nn.Linear>()(new torch.nn.Linear(1, 1).shareMemory());
}
