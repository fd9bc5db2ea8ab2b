// Prints the results of check-cuda.sh as a Markdown table: a line a test file, and the forum's step test by test.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './setup/paths.mjs';

const [file, machine] = process.argv.slice(2);
const results = JSON.parse(readFileSync(file, 'utf8'));
const seconds = (ms) => (ms / 1000).toFixed(1);

console.log(`## CUDA: ${machine}\n`);
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log('| test file | passed | failed | skipped | seconds |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const suite of results.testResults.toSorted((a, b) => a.name.localeCompare(b.name))) {
  const count = (...states) => suite.assertionResults.filter(({ status }) => states.includes(status)).length;
  const broken = suite.status === 'failed' && suite.assertionResults.length === 0 ? 1 : 0;
  const name = relative(ROOT, suite.name).replace(/^dist\//, '');
  const cells = [count('passed'), count('failed') + broken, count('pending', 'todo', 'skipped')];
  console.log(`| ${name} | ${cells.join(' | ')} | ${seconds(suite.endTime - suite.startTime)} |`);
}

console.log("\n| the forum's step on CUDA | result | seconds |");
console.log('| --- | --- | ---: |');
for (const suite of results.testResults.filter(({ name }) => name.endsWith('examples/forum.test.js'))) {
  for (const { fullName, status, duration } of suite.assertionResults) {
    console.log(`| ${fullName} | ${status} | ${seconds(duration ?? 0)} |`);
  }
}
const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
console.log(
  `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`,
);
