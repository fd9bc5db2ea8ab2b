/** A worker thread that does with what it is sent as its data says. */
import { parentPort, workerData } from 'node:worker_threads';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import { describeTensor, type TensorFacts } from './facts.js';

const { receive, share } = torch.multiprocessing;
const { task, message } = workerData as { task: string; message: unknown };

const post = (value: unknown): void => parentPort?.postMessage(value);

/** One for each message, in turn. */
function answer(reply: (message: unknown) => unknown): void {
  parentPort?.on('message', (value: unknown) => {
    if (value === 'end') parentPort?.close();
    else post(reply(value));
  });
  post('ready');
}

const tasks: Record<string, () => void> = {
  /** What has arrived; then each tensor is changed. */
  facts() {
    const tensors = receive<Record<string, Tensor>>(message);
    const facts: Record<string, TensorFacts> = {};
    for (const [name, tensor] of Object.entries(tensors)) facts[name] = describeTensor(tensor);
    const same = tensors.same === tensors.view;
    torch.noGrad(() => {
      for (const [name, tensor] of Object.entries(tensors)) {
        if (name === 'boolean') tensor.logicalNot_();
        else if (name !== 'same' && name !== 'base') tensor.add_(1);
      }
    });
    post({ facts, same, parameter: tensors.parameter instanceof nn.Parameter });
  },

  /** A step of training on the sender's parameters. */
  step() {
    const { state, x, y } = receive<{ state: Record<string, Tensor>; x: Tensor; y: Tensor }>(message);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
    model.loadStateDict(state, { assign: true });
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    nn.functional.mseLoss(model(x), y).backward();
    optimizer.step();
    post([...model.parameters()].every((parameter) => parameter.grad !== null && parameter.isShared()));
  },

  /** Gradients of its own, and then in the sender's tensor. */
  gradients() {
    const { p, grad } = receive<{ p: Tensor; grad: Tensor }>(message);
    p.mul(2).sum().backward();
    const own = (p.grad as Tensor).tolist();
    p.grad = grad;
    p.mul(3).sum().backward();
    post(own);
  },

  /** Writes to what it has received, and shares what nobody takes, until it is ended from outside. */
  forever() {
    const x = receive<Tensor>(message);
    const left = share([torch.ones([1000]), x]);
    for (let i = 0; ; i++) {
      x.add_(1);
      share(torch.ones([10]));
      if (i === 10) post(left);
    }
  },

  /** All that a worker can do with shared memory, until it is ended from outside. */
  chaos() {
    const tensors = [receive<Tensor>(message)];
    parentPort?.on('message', (value: unknown) => {
      tensors.push(receive<Tensor>(value));
      if (tensors.length > 10) tensors.shift();
    });
    let turn = 0;
    setInterval(() => {
      for (let i = 0; i < 5; i++) {
        const tensor = tensors[turn++ % tensors.length] as Tensor;
        tensor.add_(1);
        if (turn % 3 === 0) tensor.asTypedArray()[0] = turn;
        post(share(turn % 2 === 0 ? tensor : torch.ones([1000])));
      }
    }, 3);
  },

  /** Ends when it has sent a result; what any number of threads may receive ends with it. */
  result() {
    post([share(torch.arange(5)), share(torch.ones([5]), { receivers: Number.POSITIVE_INFINITY })]);
  },

  fail() {
    post(share(torch.arange(3)));
    throw new Error('a worker that fails');
  },

  /** A new tensor for each that it is sent. */
  reply() {
    answer((value) => {
      const x = receive<Tensor>(value);
      return share(torch.full([1 << 16], Number(x.at(0).item()) + 1));
    });
  },

  /** What it has been sent as it is, and as others. */
  pass() {
    answer((value) => share({ opened: receive((value as { first: unknown }).first), second: value }));
  },

  /** The kind of error that a message gives. */
  errors() {
    answer((value) => {
      try {
        receive(value);
        return 'received';
      } catch (error) {
        return (error as Error).name;
      }
    });
  },
};

(tasks[task] as () => void)();
