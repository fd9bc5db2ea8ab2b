// Compiles the TypeScript of a clone into dist/.
import { runMain } from './setup/failure.mjs';
import { compile } from './setup/typescript.mjs';

await runMain(() => compile());
