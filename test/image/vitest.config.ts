import { defineConfig } from 'vitest/config';

/** Files that read the reference data. */
const leftOut = process.env['VIDETTE_TEST_DATA'] ? [] : ['test/image/processes.check.ts'];

/** Configuration of `npm run image:check`. */
export default defineConfig({
  test: {
    name: 'image',
    include: ['test/image/*.check.ts'],
    exclude: leftOut,
    pool: 'forks',
    // Each file starts containers that use a core.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000, interval: 250 } },
    globalSetup: ['test/support/pull-model.ts', 'test/image/build-images.ts'],
  },
});
