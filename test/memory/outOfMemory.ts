/** Works in as much memory as it is left with: `node outOfMemory.js KIND`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import torch, { type Tensor } from '../../lib/index.js';

const MiB = 1 << 20;

/** Lets the process have `bytes` more than it has now. */
function limit(bytes: number): void {
  const now = Number(/VmSize:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), `--as=${now + bytes}`], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
}

const floats = (mebibytes: number): number => (mebibytes * MiB) / 4;

/** As many tensors of so many MiB as there is room for. */
function fill(mebibytes: number): Tensor[] {
  const held: Tensor[] = [];
  for (;;) {
    try {
      held.push(torch.empty([floats(mebibytes)]));
    } catch (error) {
      assert(error instanceof torch.OutOfMemoryError, String(error));
      assert.match(error.message, /can't allocate memory/);
      return held;
    }
  }
}

/** Old objects: nothing but a full collection finds that they have gone. */
function makeOld(held: unknown): void {
  for (let i = 0; i < 3; i++) torch.memory.collect();
  assert(held !== undefined);
}

function check(): void {
  const x = torch.ones([1000], { requiresGrad: true });
  x.mul(3).sum().backward();
  assert.equal(x.grad?.sum().item(), 3000);
}

const kinds: Record<string, () => void> = {
  hold: () => {
    limit(600 * MiB);
    let first = 0;
    for (let round = 0; round < 3; round++) {
      const held = fill(64);
      assert(held.length >= 4 && held.length < 10, `${held.length}`);
      // As much fits in each round, but for what the engine itself has taken since: nothing has been lost.
      if (round === 0) first = held.length;
      assert(held.length >= first - 1, `${held.length} after ${first}`);
      for (const [i, tensor] of held.entries()) tensor.narrow(0, 0, 10).fill_(i);
      assert.deepEqual(
        held.map((tensor) => tensor.at(9).item()),
        held.map((_, i) => i),
      );
      check();
      for (const tensor of held) tensor.dispose();
      check();
    }
  },
  garbage: () => {
    limit(600 * MiB);
    for (let round = 0; round < 3; round++) {
      let held: Tensor[] | undefined = fill(64);
      makeOld(held);
      held = undefined;
      // It takes what the garbage has.
      const x = torch.empty([floats(256)]);
      assert.equal(x.narrow(0, -1, 1).fill_(7).item(), 7);
      x.dispose();
    }
  },
  elements: () => {
    const data = new Float32Array(floats(64)).fill(2);
    limit(400 * MiB);
    for (let round = 0; round < 3; round++) {
      let held: Tensor[] | undefined = fill(64);
      makeOld(held);
      held = undefined;
      using x = torch.tensor(data);
      assert.equal(x.at(-1).item(), 2);
    }
  },
  backward: () => {
    limit(400 * MiB);
    for (let round = 0; round < 2; round++) {
      const x = torch.ones([floats(24)], { requiresGrad: true });
      const loss = torch.tidy(() => x.sigmoid().sum());
      let held: Tensor[] | undefined = fill(16);
      makeOld(held);
      held = undefined;
      // Gradients of 24 MiB, for which there is no room but that of the garbage.
      loss.backward();
      assert(Math.abs((x.grad?.at(0).item() as number) - 0.19661) < 1e-4);
      x.grad?.dispose();
      x.grad = null;
      x.dispose();
      loss.dispose();
      torch.memory.collect();
    }
  },
  exhausted: () => {
    limit(700 * MiB);
    for (let round = 0; round < 3; round++) {
      const x = torch.ones([floats(24)], { requiresGrad: true });
      const loss = torch.tidy(() => x.sigmoid().mul(2).sum());
      const held = fill(16);
      assert.throws(() => loss.backward(), torch.OutOfMemoryError);
      for (const tensor of held) tensor.dispose();
      const again = torch.tidy(() => x.sigmoid().mul(2).sum());
      x.grad = null;
      again.backward();
      assert(Math.abs(((x.grad as Tensor | null)?.at(0).item() as number) - 0.39322) < 1e-4);
      for (const tensor of [x, loss, again]) tensor.dispose();
      torch.memory.collect();
    }
  },
  absurd: () => {
    for (const size of [2 ** 42, 2 ** 45, 2 ** 50, 2n ** 60n - 1n]) {
      assert.throws(() => torch.zeros([size]), torch.TorchError);
      check();
    }
  },
};

(kinds[process.argv[2] as string] as () => void)();
console.log('done');
