// `npm run bench [-- ARGS]`: sets up what is missing, the reference PyTorch included, and runs the benchmarks.
import { join } from 'node:path';
import { setUpWithReference } from './setup/against.mjs';
import { runMain } from './setup/failure.mjs';
import { launch } from './setup/launch.mjs';
import { ROOT } from './setup/paths.mjs';
import { ensureReference } from './setup/reference.mjs';

await runMain(async () => {
  const reference = ensureReference();
  await setUpWithReference(reference);
  return await launch([join(ROOT, 'dist', 'bench', 'main.js'), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: 'python' in reference ? { ...process.env, LITORCH_TEST_PYTHON: reference.python } : process.env,
  });
});
