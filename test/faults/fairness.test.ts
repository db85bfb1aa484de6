import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobRequest } from '../../domain/job/job-input.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { startStack, type TestStack } from '../support/stack.js';

/** About 31 ranges with every frame, and 4 with every 20th. */
const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 4000,
};
const SHORT_EVERY = 20;
const SHORT_RANGES = 4;
const LONG_JOBS = 3;
const RANGE_FRAMES = 128;
/** Maximum number of ranges of one job in flight; three long jobs have 72. */
const WINDOW = 24;
const RUNS_FOR_MS = 300_000;
const VIDEO = 'shared';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_WINDOW: String(WINDOW) });
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

async function rangesDone(handles: readonly JobHandle[]): Promise<number> {
  const all = await Promise.all(handles.map((handle) => stack.progress(handle)));
  return all.reduce((sum, { frames_done }) => sum + frames_done, 0) / RANGE_FRAMES;
}

it.each<NonNullable<JobRequest['frames']>>(['none', 'objects'])(
  'does not delay a short video by the backlog of long ones (frames: %s)',
  async (frames) => {
    const job = { video_id: VIDEO, frames, preprocess: false } as const;
    const starts = Array.from({ length: LONG_JOBS }, (_, i) =>
      stack.start({ ...job, event_id: `long-${frames}-${i}`, every: 1 }),
    );
    const long = await Promise.all(starts);
    await Promise.all(long.map((handle) => stack.reached(handle, 1)));
    const before = await rangesDone(long);
    await stack.run({ ...job, event_id: `short-${frames}`, every: SHORT_EVERY });
    const meanwhile = (await rangesDone(long)) - before;
    await Promise.all(long.map((handle) => handle.cancel()));
    await Promise.allSettled(long.map((handle) => handle.result()));
    // Its ranges, as many of each other job, and those in progress; not the backlog of the others.
    expect(meanwhile).toBeLessThan((SHORT_RANGES + 4) * LONG_JOBS);
  },
  RUNS_FOR_MS,
);
