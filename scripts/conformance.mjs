// `npm run conformance [-- ARGS]`: sets up what is missing, the reference PyTorch included, and compares operators.
import { join } from 'node:path';
import { setUpWithReference } from './setup/against.mjs';
import { runMain } from './setup/failure.mjs';
import { launch } from './setup/launch.mjs';
import { ROOT } from './setup/paths.mjs';
import { ensureReference } from './setup/reference.mjs';

await runMain(async () => {
  const reference = ensureReference();
  if (!('python' in reference)) {
    console.error(`litorch: there is nothing to compare with: ${reference.why}`);
    return 1;
  }
  await setUpWithReference(reference);
  return await launch([join(ROOT, 'dist', 'test', 'conformance', 'main.js'), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: { ...process.env, LITORCH_TEST_PYTHON: reference.python },
  });
});
