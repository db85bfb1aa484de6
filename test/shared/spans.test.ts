import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { FrameRow } from '../../domain/result/result.js';
import { apiAt } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

/** A container that starts at 1.4 s, so that times differ from the PTS. */
const CLIP = CLIP_KINDS.find(({ name }) => name === 'MPEG-TS from 1.4 s')!;
const VIDEO = 'spans-clip';
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
let all: readonly FrameRow[];
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, `clip.${CLIP.extension}`);
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
  await stack.run({ video_id: VIDEO, event_id: 'spans-all', frames: 'none' });
  all = (await stack.result('spans-all')).frames;
});
afterAll(() => stack?.close());

describe('a job on a span of time', () => {
  it.each(FRAME_STORAGE)(
    'detects the sampled frames of the span and no others, with frames %s',
    async (frames) => {
      const [from_ms, to_ms] = [all[7]!.timestamp_ms, all[30]!.timestamp_ms];
      const event_id = `spans-${frames}`;
      const job = { video_id: VIDEO, event_id, frames, from_ms, to_ms };
      const outcome = await stack.run(job);
      expect(outcome).toMatchObject({ status: 'ready', frames: 23, skipped: 0 });
      const result = await stack.result(event_id);
      const places = ({ frame, timestamp_ms }: FrameRow) => ({ frame, timestamp_ms });
      expect(result.frames.map(places)).toEqual(all.slice(7, 30).map(places));
      expect(result.parameters).toMatchObject({ from_ms, to_ms });
    },
    RUNS_FOR_MS,
  );

  it('fails with the times of the video if no frame is in the span', async () => {
    const job = { video_id: VIDEO, event_id: 'spans-empty', from_ms: 3_600_000 };
    const error = await stack.run(job).catch((error: unknown) => error);
    const { cause } = error as Error; // of the workflow, whose message names only that it failed
    expect((cause as Error).message).toMatch(/the frames of the video are at 0 ms to \d+/);
  });

  it('is the whole video again in a rerun that removes it', async () => {
    const rerun = { from_ms: null, event_id: 'spans-again' };
    const response = await apiAt(stack.apiUrl).post('/jobs/spans-empty/rerun', rerun);
    expect(response.status).toBe(202);
    const status = async () => (await stack.documents.findEvent('spans-again'))?.status;
    await expect.poll(status).toBe('ready');
    expect((await stack.result('spans-again')).frames).toHaveLength(all.length);
  });
});
