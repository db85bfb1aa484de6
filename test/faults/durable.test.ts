import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobRequest } from '../../domain/job/job-input.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import { ffmpegsOn, lanesOf, runningOf, scratchLeftovers } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';

/** Five ranges, some of which are done when {@link IN_THE_MIDDLE} frames are. */
const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 600,
};
const IN_THE_MIDDLE = 100;
const RUNS_FOR_MS = 120_000;
const VIDEO = 'long';

let stack: TestStack;
/** Stored frames are compressed as JPEG, which changes their detections slightly. */
let undisturbed: Readonly<Record<'stored' | 'none', DetectionResult>>;
beforeAll(async () => {
  stack = await startStack();
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
  await Promise.all([stack.run(job('stored', 'objects')), stack.run(job('none', 'none'))]);
  undisturbed = { stored: await stack.result('stored'), none: await stack.result('none') };
});
afterAll(() => stack?.close());
afterEach(expectNothingLeft);

function job(event_id: string, frames: JobRequest['frames']): JobRequest {
  return { video_id: VIDEO, event_id, frames, every: 1, preprocess: false };
}

/** Expects no decoder and no frame to remain; sweeping may take a moment. */
async function expectNothingLeft(): Promise<void> {
  await expect.poll(() => scratchLeftovers(stack.folder), { timeout: 60_000 }).toEqual([]);
  expect(await ffmpegsOn(stack.folder)).toEqual([]);
}

async function expectAsUndisturbed(
  eventId: string,
  storage: keyof typeof undisturbed = 'stored',
): Promise<void> {
  const result = await stack.result(eventId);
  expect(result.frames.map(({ frame }) => frame)).toEqual(
    Array.from({ length: CLIP.frames }, (_, frame) => frame),
  );
  expect(result.skipped).toEqual([]);
  expect(result.frames).toEqual(undisturbed[storage].frames);
  const documents = await stack.predictions(eventId);
  expect(documents.map(({ frame_id }) => frame_id)).toEqual(
    result.frames.map(({ frame }) => frame),
  );
}

/** Starts a job with stored frames and one without; resolves in the middle of both. */
async function startBoth(name: string) {
  const modes = ['objects', 'none'] as const;
  const starts = modes.map((frames) => stack.start(job(`${name}-${frames}`, frames)));
  const handles = await Promise.all(starts);
  await Promise.all(handles.map((handle) => stack.reached(handle, IN_THE_MIDDLE)));
  return handles;
}

describe('a job whose worker or lane is killed in the middle', () => {
  it(
    'returns the same result after the detect worker was killed',
    async () => {
      const handles = await startBoth('detect-killed');
      const pid = stack.workers.pid('detect_worker');
      const lanes = await lanesOf(pid);
      expect(lanes).toHaveLength(2);
      stack.workers.kill9('detect_worker');
      await stack.workers.restarted('detect_worker', pid);
      expect(await runningOf(lanes)).toEqual([]);
      for (const handle of handles) {
        expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      }
      await expectAsUndisturbed('detect-killed-objects');
      await expectAsUndisturbed('detect-killed-none', 'none');
    },
    RUNS_FOR_MS,
  );

  it(
    'returns the same result after the video worker was killed',
    async () => {
      const handle = await stack.start(job('video-killed', 'objects'));
      await stack.reached(handle, IN_THE_MIDDLE);
      const pid = stack.workers.pid('video_worker');
      stack.workers.kill9('video_worker');
      await stack.workers.restarted('video_worker', pid);
      expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAsUndisturbed('video-killed');
    },
    RUNS_FOR_MS,
  );

  it(
    'returns the same result after a lane was killed and replaced',
    async () => {
      const handle = await stack.start(job('lane-killed', 'packed'));
      await stack.reached(handle, IN_THE_MIDDLE);
      const worker = stack.workers.pid('detect_worker');
      const before = await lanesOf(worker);
      process.kill(before[0]!, 'SIGKILL');
      const replaced = async () => (await lanesOf(worker)).filter((pid) => !before.includes(pid));
      await expect.poll(replaced, { timeout: 60_000 }).toHaveLength(1);
      expect(await runningOf(before)).toEqual([before[1]]);
      expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      expect(stack.workers.pid('detect_worker')).toBe(worker);
      await expectAsUndisturbed('lane-killed');
    },
    RUNS_FOR_MS,
  );
});

describe('a job that is cancelled in the middle', () => {
  it(
    'ends within seconds and keeps its finished parts',
    async () => {
      const handles = await startBoth('cancelled');
      const start = performance.now();
      await Promise.all(handles.map((handle) => handle.cancel()));
      for (const handle of handles) {
        const cause = { name: 'CancelledFailure' };
        await expect(handle.result()).rejects.toMatchObject({ cause });
      }
      expect(performance.now() - start).toBeLessThan(30_000);
      expect(await ffmpegsOn(stack.folder)).toEqual([]);
      await expectPartial('cancelled-objects', undisturbed.stored);
      await expectPartial('cancelled-none', undisturbed.none);
    },
    RUNS_FOR_MS,
  );

  async function expectPartial(id: string, full: DetectionResult): Promise<void> {
    const result = await stack.result(id);
    expect(await stack.documents.findEvent(id)).toMatchObject({
      status: 'cancelled',
      frames_done: result.frames.length,
      error: null,
    });
    expect(result.status).toBe('cancelled');
    expect(result.frames.length).toBeGreaterThanOrEqual(IN_THE_MIDDLE);
    expect(result.frames.length).toBeLessThan(CLIP.frames);
    const left = result.unprocessed!.flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i),
    );
    const all = [...result.frames.map(({ frame }) => frame), ...left].sort((a, b) => a - b);
    expect(all).toEqual(full.frames.map(({ frame }) => frame));
    for (const row of result.frames) expect(row).toEqual(full.frames[row.frame]);
  }

  it(
    'continues from the existing parts when it is submitted again',
    async () => {
      const again = await stack.run(job('cancelled-objects', 'objects'));
      expect(again).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAsUndisturbed('cancelled-objects');
      expect(await stack.documents.findEvent('cancelled-objects')).toMatchObject({
        status: 'ready',
      });
    },
    RUNS_FOR_MS,
  );
});
