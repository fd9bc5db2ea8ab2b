// Loads the addon in a process of its own, so that a failure, even a crash, is only a finding.
import { spawnSync } from 'node:child_process';
import { Failure } from './failure.mjs';
import { ADDON, ROOT } from './paths.mjs';

const LOAD = 'process.dlopen({ exports: {} }, process.argv[1])';

/** `null` when the addon loads, else what the system said. */
export function whyAddonDoesNotLoad(addon = ADDON) {
  const run = spawnSync(process.execPath, ['-e', LOAD, addon], {
    encoding: 'utf8',
    cwd: ROOT,
    timeout: 120_000,
  });
  if (run.error) return run.error.message;
  if (run.status === 0) return null;
  if (run.signal) return `Node was ended by ${run.signal} while it loaded the addon`;
  const lines = run.stderr.split('\n');
  return (lines.find((line) => /^(\w*Error|dyld)/.test(line)) ?? run.stderr.trim()).trim();
}

/** Throws a Failure when the addon that was just built does not load. */
export function checkAddonLoads(libtorch, addon = ADDON) {
  const why = whyAddonDoesNotLoad(addon);
  if (!why) return;
  const library = /([\w.+-]+\.(?:so|dylib)[\w.]*): cannot open shared object/.exec(why)?.[1];
  throw new Failure(
    library ? `libtorch needs ${library}, which is not there.` : 'The addon was built but does not load.',
    {
      lookedFor: library ?? addon,
      where: [
        `libtorch ${libtorch.version} (${libtorch.flavour}) in ${libtorch.root}`,
        'the folders that it names for its own libraries',
      ],
      details: why,
      cure:
        libtorch.flavour === 'cpu'
          ? ['npx litorch doctor', 'npm run build:native -- --clean']
          : [
              `python3 -m pip install torch==${libtorch.version}   # with the CUDA packages that it requires`,
              'npm install',
            ],
    },
  );
}
