// What npm runs after `npm install` in a clone: compiles the TypeScript. The published package brings dist/ along.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from './setup/failure.mjs';
import { ROOT } from './setup/paths.mjs';
import { compile, hasCompiler, isClone, isNpxOfClone } from './setup/typescript.mjs';

await runMain(async () => {
  if (!isClone() || isNpxOfClone()) return;
  // `npm install --omit=dev` after a full one: what was compiled then serves.
  if (!hasCompiler() && existsSync(join(ROOT, 'dist', 'bundle', 'index.js'))) return;
  await compile();
});
