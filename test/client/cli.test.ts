import { afterAll, beforeAll, inject } from 'vitest';
import { type CliCase, createCliCase } from './cli/case.js';
import { testBatches } from './cli/batches.js';
import { testJobs } from './cli/jobs.js';
import { testRemoval } from './cli/removal.js';
import { testRestarts } from './cli/restarts.js';
import { testSchedules } from './cli/schedules.js';
import { testStart } from './cli/start.js';
import { testUsage } from './cli/usage.js';

let cli: CliCase;
beforeAll(async () => {
  cli = await createCliCase(inject('modelsDir'));
});
afterAll(() => cli?.vidette.close());

// One stack through its life: each test continues where the one before ended.
for (const addTests of [
  testStart,
  testJobs,
  testBatches,
  testUsage,
  testRestarts,
  testSchedules,
  testRemoval,
]) {
  addTests(() => cli);
}
