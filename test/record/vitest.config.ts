import { defineConfig } from 'vitest/config';

/** Records the histories that `test/faults/replay.test.ts` replays; not a test. */
export default defineConfig({
  test: {
    include: ['test/record/*.record.ts'],
    environment: 'node',
    pool: 'forks',
    hookTimeout: 300_000,
    testTimeout: 300_000,
    globalSetup: 'test/support/pull-model.ts',
  },
});
