// A few operators, a backward pass and the generator, through the public API, compared with what PyTorch gives.
// Run as a program of its own by the doctor; prints one line of JSON.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths.mjs';

const started = performance.now();
const { default: torch } = await import(pathToFileURL(join(ROOT, 'dist', 'bundle', 'index.js')).href);
const imported = performance.now();

const checks = [];
function check(name, got, want) {
  const ok = JSON.stringify(got) === JSON.stringify(want);
  checks.push(ok ? { name, ok } : { name, ok, got, want });
}

const x = torch.tensor(
  [
    [1, 2],
    [3, 4],
  ],
  { requiresGrad: true },
);
const loss = x.matmul(x).sum();
check('matmul and sum', loss.item(), 54);
loss.backward();
check('backward', x.grad.tolist(), [
  [7, 11],
  [9, 13],
]);
torch.manualSeed(0);
check(
  'randn after manualSeed(0)',
  torch.randn([3]).tolist(),
  [1.5409960746765137, -0.293428897857666, -2.1787893772125244],
);
let message = '';
try {
  x.matmul(torch.ones([3]));
} catch (error) {
  message = error.message;
}
check('an error is an exception', /size|shape|mat/.test(message), true);

let cuda = { available: false, devices: 0 };
try {
  const available = torch.cuda.isAvailable();
  cuda = { available, devices: torch.cuda.deviceCount() };
  if (available) {
    const y = torch.ones([3], { device: 'cuda' });
    check('a sum on CUDA', y.add(y).sum().item(), 6);
  }
} catch (error) {
  checks.push({ name: 'CUDA', ok: false, got: String(error.message), want: 'no error' });
}
console.log(
  JSON.stringify({
    ok: checks.every(({ ok }) => ok),
    importMs: Math.round(imported - started),
    totalMs: Math.round(performance.now() - started),
    cuda,
    checks,
  }),
);
