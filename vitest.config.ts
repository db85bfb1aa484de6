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

/** Unit tests that spend their time waiting for timeouts or processes. */
const WAITING = [
  'adapters/ffmpeg/stall-watch.test.ts',
  'api/images/image-lanes.test.ts',
  'api/security/slow-clients.test.ts',
  'lanes/pool*.test.ts',
  'stack/model-sources/pull-model.test.ts',
];
const OUTSIDE_UNIT = ['node_modules/**', 'dist/**', 'test/**'];
/** Workers of the unit and timing projects, which run side by side: one of them mostly waits. */
const UNIT_WORKERS = 3;

const unit = {
  test: {
    ...shared,
    name: 'unit',
    isolate: false,
    maxWorkers: UNIT_WORKERS,
    include: ['**/*.test.ts'],
    exclude: [...OUTSIDE_UNIT, ...WAITING],
  },
};
const timing = {
  test: {
    ...shared,
    name: 'timing',
    maxWorkers: UNIT_WORKERS,
    include: WAITING,
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
  test: { projects: [unit, timing, integration, ...(hasReference ? [parity] : [])] },
});
