import { defineConfig } from 'vitest/config';

/** Configuration of the recording of histories for `test/faults/replay.test.ts`. */
export default defineConfig({
  test: {
    include: ['test/record/*.record.ts'],
    environment: 'node',
    pool: 'forks',
    hookTimeout: 300_000,
    testTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: 'test/support/pull-model.ts',
  },
});
