// `npm start [-- ARGS]`: sets up what is missing and runs the adversarial training example.
import { join } from 'node:path';
import { runMain } from './setup/failure.mjs';
import { launch } from './setup/launch.mjs';
import { ROOT } from './setup/paths.mjs';
import { quietly } from './setup/quiet.mjs';
import { setUp } from './setup/setup.mjs';

await runMain(async () => {
  await quietly((say) => setUp({ say }));
  return await launch(
    [join(ROOT, 'dist', 'examples', 'adversarial-qa', 'main.js'), ...process.argv.slice(2)],
    {
      // Paths on the command line are the user's, from where npm was called.
      cwd: process.env.INIT_CWD ?? process.cwd(),
    },
  );
});
