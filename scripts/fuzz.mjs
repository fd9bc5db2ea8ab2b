// `npm run fuzz [-- ARGS]`: sets up what is missing and calls everything with anything; see docs/fuzzing.md.
import { join } from 'node:path';
import { runMain } from './setup/failure.mjs';
import { launch } from './setup/launch.mjs';
import { ROOT } from './setup/paths.mjs';
import { setUp } from './setup/setup.mjs';

await runMain(async () => {
  await setUp();
  return await launch([join(ROOT, 'dist', 'test', 'fuzz', 'main.js'), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
});
