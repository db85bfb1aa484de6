import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import { testDataFolder } from '../parity/test-data.js';
import { accountOf, endOf } from '../support/job-ends.js';
import { startStack, type TestStack } from '../support/stack.js';
import { watchWorkers } from '../support/watched-workers.js';
import { type CorpusFile, readCorpus } from './corpus-files.js';

const ENDS_WITHIN_MS = 60_000;
const RUNS_FOR_MS = 2 * ENDS_WITHIN_MS;
/** How our messages begin; what is behind is for people as well. */
const PLAIN_WORDS = /^(This is no video that can be decoded: |The video )[^\n]*\.$/;

const files = await readCorpus(join(testDataFolder(), 'corpus'));
let stack: TestStack;
let checkWorkers: () => Promise<void>;

beforeAll(async () => {
  stack = await startStack();
  checkWorkers = watchWorkers(stack);
});
afterAll(() => stack?.close());

describe('a job on a file that was collected for being odd or broken', () => {
  const cases = files.map((file, index) => ({ ...file, index }));

  it.concurrent.each(cases)(
    'ends with all its frames, or says what is wrong: $name',
    async ({ index, ...file }) => checkJob(file, index),
    RUNS_FOR_MS,
  );
});

async function checkJob({ path, ffmpegFrames }: CorpusFile, index: number): Promise<void> {
  const id = `corpus-${index}`;
  await stack.putVideo(id, path);
  // Neighbours in the table are alike: each gets another kind of frame storage.
  const frames = FRAME_STORAGE[index % FRAME_STORAGE.length]!;
  const start = performance.now();
  const end = await endOf(stack, { video_id: id, event_id: id, every: 1, frames });
  expect(performance.now() - start).toBeLessThan(ENDS_WITHIN_MS);
  if ('code' in end) {
    expect(['BAD_VIDEO', 'LIMIT_EXCEEDED']).toContain(end.code);
    expect(end.message).toMatch(PLAIN_WORDS);
    expect(end.message).not.toContain(stack.folder);
    expect(ffmpegFrames).toBe(0);
    return;
  }
  const { detected } = await accountOf(stack, id);
  expect(detected.length).toBeGreaterThanOrEqual(Math.max(1, ffmpegFrames));
}

describe('the workers, after all of it', () => {
  it('are the same processes, with bounded memory and an empty scratch folder', async () => {
    await checkWorkers();
  });
});
