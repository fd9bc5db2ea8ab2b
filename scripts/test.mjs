// `npm test [-- JEST ARGS]`: sets up what is missing, the reference PyTorch included, and runs Jest.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setUpWithReference } from './setup/against.mjs';
import { runMain } from './setup/failure.mjs';
import { launch } from './setup/launch.mjs';
import { RESULTS, ROOT } from './setup/paths.mjs';
import { ensureReference } from './setup/reference.mjs';

await runMain(async () => {
  const reference = ensureReference();
  await setUpWithReference(reference);
  const require = createRequire(join(ROOT, 'package.json'));
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  mkdirSync(dirname(RESULTS), { recursive: true });
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return await launch([jest, '--json', `--outputFile=${RESULTS}`, ...process.argv.slice(2)], {
    cwd: ROOT,
    env: {
      ...process.env,
      // Threads that spin while they wait make two of them many times slower on a busy machine.
      OMP_WAIT_POLICY: process.env.OMP_WAIT_POLICY ?? 'PASSIVE',
      NODE_OPTIONS: [process.env.NODE_OPTIONS, ...options].filter(Boolean).join(' '),
      ...('python' in reference ? { LITORCH_TEST_PYTHON: reference.python } : { LITORCH_NO_REFERENCE: '1' }),
    },
  });
});
