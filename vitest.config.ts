import { defineConfig } from 'vitest/config';

/** Set-up of servers, on a slow machine; also a test that needs longer says so itself. */
const HOOK_TIMEOUT_MS = 300_000;
const shared = {
  pool: 'forks',
  hookTimeout: HOOK_TIMEOUT_MS,
  testTimeout: 30_000,
  expect: { poll: { timeout: 15_000 } },
  environment: 'node',
} as const;
/** Each file starts servers of its own, so few of them run at once, and after the unit tests. */
const onServers = {
  ...shared,
  testTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  maxWorkers: 2,
  sequence: { groupOrder: 1 },
  globalSetup: 'test/support/pull-model.ts',
};
const REFERENCE = ['VIDETTE_TEST_DATA', 'VIDETTE_MODELS_DIR'];
/** Tests that read the reference data. */
const ON_REFERENCE = ['test/parity/{images,videos}.test.ts', 'test/corpus/*.test.ts'];
const hasReference = REFERENCE.every((name) => process.env[name]);

const unit = {
  test: {
    ...shared,
    name: 'unit',
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/**'],
  },
};
const integration = {
  test: {
    ...onServers,
    name: 'integration',
    include: ['test/**/*.test.ts'],
    exclude: ON_REFERENCE,
  },
};
const parity = {
  test: { ...onServers, name: 'parity', include: ON_REFERENCE },
};

/** Without the reference data its tests are no part of a run; `npm test` says so. */
export default defineConfig({
  test: { projects: [unit, integration, ...(hasReference ? [parity] : [])] },
});
