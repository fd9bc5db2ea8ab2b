// Prints Jest's totals as one line, `N passed, N failed` (`, N skipped` may follow), from the results that `npm test`
// wrote. A test file that could not run at all counts as a failure, and so do no results.
import { readFileSync } from 'node:fs';
import { RESULTS } from './setup/paths.mjs';

let line = '0 passed, 1 failed';
let ok = false;
try {
  const all = JSON.parse(readFileSync(RESULTS, 'utf8'));
  const failed = all.numFailedTests + all.numRuntimeErrorTestSuites;
  const skipped = all.numPendingTests + all.numTodoTests;
  line = `${all.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  ok = failed === 0 && all.numPassedTests > 0;
} catch (error) {
  console.log(`There are no results of Jest: ${error.message}`);
}
console.log(line);
process.exitCode = ok ? 0 : 1;
