import { defineConfig } from 'vitest/config';
import { readSettings } from './settings.js';
import { TableReporter } from './table-reporter.js';

const settings = readSettings(process.env);

/** Configuration of `npm run chaos`: files run in parallel, each with its own servers. */
export default defineConfig({
  test: {
    name: 'chaos',
    include: ['test/chaos/*.chaos.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    globalSetup: 'test/support/pull-model.ts',
    provide: { chaos: settings },
    reporters: ['verbose', new TableReporter(settings)],
  },
});
