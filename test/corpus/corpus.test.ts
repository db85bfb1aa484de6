import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import { testDataFolder } from '../parity/test-data.js';
import { startStack, type TestStack } from '../support/stack.js';
import { watchWorkers } from '../support/watched-workers.js';
import { checkCorpusJob, CORPUS_JOB_MS } from './check-job.js';
import { readCorpus } from './corpus-files.js';

const files = await readCorpus(join(testDataFolder(), 'corpus'));
let stack: TestStack;
let checkWorkers: () => Promise<void>;

beforeAll(async () => {
  stack = await startStack();
  checkWorkers = watchWorkers(stack);
});
afterAll(() => stack?.close());

describe('a job on every file of the collection', () => {
  const cases = files.map((file, index) => ({ ...file, index }));

  it.concurrent.each(cases)(
    'detects all frames or names the reason: $name',
    async ({ index, ...file }) => {
      // Neighbours in the table are alike: each gets another kind of frame storage.
      const frames = FRAME_STORAGE[index % FRAME_STORAGE.length]!;
      await checkCorpusJob(stack, file, { id: `corpus-${index}`, frames });
    },
    CORPUS_JOB_MS,
  );
});

it('leaves the workers running, with bounded memory and an empty scratch folder', async () => {
  await expect(checkWorkers()).resolves.toBeUndefined();
});
