// Jest runs what tsc compiled: dist/test/**/*.test.js, as native ES modules. `npm test` sets the Node option for it.
export default {
  rootDir: '.',
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  testEnvironment: 'node',
  transform: {},
  // A test that asks a Python process imports PyTorch there, which takes seconds on a slow machine.
  testTimeout: 120_000,
  // Each worker loads libtorch, which starts threads of its own.
  maxWorkers: process.env.LITORCH_TEST_WORKERS ?? '50%',
};
