/** Runs the table of bad calls in a process of its own and prints what is wrong with each as JSON. */
import torch from '../../lib/index.js';
import { judge } from './badCall.js';
import { badCalls } from './table.js';

const started = torch.memory.stats().tensors;
const failures: string[] = [];
let count = 0;
for (const [group, calls] of Object.entries(badCalls)) {
  for (const call of calls) {
    if (process.env.LITORCH_TEST_TRACE) process.stderr.write(`${call.name}\n`);
    const wrong = judge(call);
    if (wrong !== null) failures.push(`${group}: ${call.name}: ${wrong}`);
    count++;
  }
}
// A warning that has not been printed yet holds the objects of its stack.
await new Promise((resolve) => setImmediate(resolve));
const sum = torch.tidy(() => Number(torch.arange(10).sum().item()));
torch.memory.collect();
console.log(JSON.stringify({ count, failures, sum, leaked: torch.memory.stats().tensors - started }));
