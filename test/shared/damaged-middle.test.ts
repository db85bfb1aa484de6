import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimedSkip } from '../../client/index.js';
import { sampledFrames } from '../../domain/video/frame-range.js';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { FrameRow } from '../../domain/result/result.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

interface ResultPage {
  readonly frames: readonly FrameRow[];
  readonly skipped: readonly TimedSkip[];
  readonly next: string | null;
}

let stack: SharedConnection;
let clip: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  clip = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, clip);
});
afterAll(() => stack?.close());

describe('a job on a video with a damaged middle', () => {
  beforeAll(async () => {
    const data = await readFile(clip);
    const start = data.indexOf('mdat') + 4;
    const length = data.indexOf('moov') - 4 - start;
    const damage = Buffer.alloc(Math.floor(length / 5), 0xa5);
    damage.copy(data, start + Math.floor((length * 2) / 5));
    const path = join(stack.folder, 'damaged.mp4');
    await writeFile(path, data);
    await stack.putVideo('damaged-middle', path);
  });

  it.concurrent.each(FRAME_STORAGE)('accounts for each frame with frames %s', async (frames) => {
    const event_id = `damaged-middle-${frames}`;
    const outcome = await stack.run({ video_id: 'damaged-middle', event_id, frames, every: 1 });
    const result = await stack.result(event_id);
    const skipped = result.skipped.map(({ frame }) => frame);
    const detected = result.frames.map(({ frame }) => frame);
    expect(outcome).toMatchObject({ frames: detected.length, skipped: skipped.length });
    const all = [...detected, ...skipped].sort((a, b) => a - b);
    expect(all).toEqual(sampledFrames(0, CLIP.frames, 1));
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.length).toBeLessThan(CLIP.frames / 2);
    for (const { reason } of result.skipped) expect(reason).toMatch(/^not decodable/);
    expect(detected).toEqual([...detected].sort((a, b) => a - b));
    // Damage does not reach beyond the next keyframe, 30 frames on.
    expect(detected).toEqual(expect.arrayContaining(sampledFrames(0, 90, 1)));
    expect(detected).toEqual(expect.arrayContaining(sampledFrames(240, 300, 1)));
  });

  it('lists each frame of a time span on one page of its result', async () => {
    const event_id = 'damaged-middle-pages';
    await stack.run({ video_id: 'damaged-middle', event_id, frames: 'none', every: 1 });
    const { frames, skipped } = await stack.result(event_id);
    // From the last frame before the damage to the second one after it.
    const first = skipped[0]!.frame;
    const last = skipped.at(-1)!.frame;
    const [from, to] = [first - 1, last + 2].map(
      (wanted) => frames.find(({ frame }) => frame === wanted)!.timestamp_ms,
    );
    const pages: ResultPage[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `from_ms=${from}&to_ms=${to}&limit=10${cursor && `&cursor=${cursor}`}`;
      const response = await fetch(`${stack.apiUrl}/api/v1/jobs/${event_id}/result?${query}`);
      pages.push((await response.json()) as ResultPage);
      cursor = pages.at(-1)!.next;
    }
    const got = pages.map((page) => [...page.frames, ...page.skipped]);
    for (const page of got.slice(0, -1)) expect(page).toHaveLength(10);
    const all = got.flat().sort((a, b) => a.frame - b.frame);
    expect(all.map(({ frame }) => frame)).toEqual(sampledFrames(first - 1, last + 2, 1));
    const times = all.map(({ timestamp_ms }) => timestamp_ms);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    const reported = pages.flatMap((page) => page.skipped);
    expect(reported.map(({ frame, reason }) => ({ frame, reason }))).toEqual(skipped);
  });
});
