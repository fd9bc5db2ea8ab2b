// Jest runs what tsc compiled: dist/test/**/*.test.js, as native ES modules. `npm test` sets the Node option for it.
export default {
  rootDir: '.',
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  testEnvironment: 'node',
  // Tests import modules of lib/ and, in the examples, 'litorch': with this condition both are one library. Programs
  // that tests start as a user would have the bundle, which must be of these modules.
  testEnvironmentOptions: { customExportConditions: ['litorch-source', 'node', 'node-addons'] },
  globalSetup: '<rootDir>/scripts/setup/bundleForTests.mjs',
  transform: {},
  // A test that asks a Python process imports PyTorch there, which takes seconds on a slow machine.
  testTimeout: 120_000,
  // Each worker loads libtorch, which starts threads of its own.
  maxWorkers: process.env.LITORCH_TEST_WORKERS ?? '50%',
};
