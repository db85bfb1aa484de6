import { defineConfig } from 'vitest/config';

/** Configuration of `npm run api:check`. */
export default defineConfig({
  test: {
    name: 'openapi',
    include: ['test/openapi/*.check.ts'],
    pool: 'forks',
    testTimeout: 900_000,
    hookTimeout: 600_000,
    globalSetup: 'test/support/pull-model.ts',
  },
});
