import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampledFrames } from '../../domain/frame-range.js';
import { FRAME_STORAGE } from '../../domain/job-input.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { scratchLeftovers } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';

const FAILS_WITHIN_MS = 60_000;
const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

let stack: TestStack;
let clip: string;
beforeAll(async () => {
  stack = await startStack();
  clip = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, clip);
});
afterAll(() => stack?.close());

const BROKEN: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'text-named-mp4': (path) => writeFile(path, 'Dear reader, this is no video.\n'.repeat(500)),
  empty: (path) => writeFile(path, ''),
  'audio-only': (path) => {
    const tone = ['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'aac', path];
    return execa('ffmpeg', ['-v', 'error', ...tone]);
  },
  // Its index is at the end.
  truncated: async (path) => {
    const data = await readFile(clip);
    await writeFile(path, data);
    await truncate(path, Math.floor(data.length / 2));
  },
  'headers-without-frames': async (path) => {
    const data = await readFile(clip);
    const start = data.indexOf('mdat') + 4;
    await writeFile(path, data.fill(0, start, data.indexOf('moov') - 4));
  },
  playlist: (path) => writeFile(path, `#EXTM3U\n#EXTINF:10,\nfile://${clip}\n#EXT-X-ENDLIST\n`),
};

describe('a job on a file that is no video', () => {
  it.each(Object.keys(BROKEN))('fails at once and says why: %s', async (name) => {
    const path = join(stack.folder, `${name}.mp4`);
    await BROKEN[name]!(path);
    await stack.putVideo(name, path);
    const start = performance.now();
    const error: unknown = await stack.run({ video_id: name }, name).catch((e: unknown) => e);
    expect(performance.now() - start).toBeLessThan(FAILS_WITHIN_MS);
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({ type: 'BAD_VIDEO' });
    const { message } = cause as ApplicationFailure; // checked above
    expect(message).toMatch(
      /^This is no video that can be decoded: .+\. Check that the file plays/,
    );
    expect(message).not.toContain(stack.folder);
    const event = await stack.documents.findEvent(name);
    expect(event).toMatchObject({ status: 'failed', error: message, result: null });
  });

  it('leaves the workers alive and nothing in the scratch folder', async () => {
    await stack.putVideo('good', clip);
    const pid = stack.workers.pid('video_worker');
    expect(await stack.run({ video_id: 'good' }, 'after-bad')).toMatchObject({ status: 'ready' });
    expect(stack.workers.pid('video_worker')).toBe(pid);
    expect(await scratchLeftovers(stack.folder)).toEqual([]);
  });
});

describe('a job on a video with a damaged middle', () => {
  beforeAll(async () => {
    const data = await readFile(clip);
    const start = data.indexOf('mdat') + 4;
    const length = data.indexOf('moov') - 4 - start;
    const damage = Buffer.alloc(Math.floor(length / 5), 0xa5);
    damage.copy(data, start + Math.floor((length * 2) / 5));
    const path = join(stack.folder, 'damaged.mp4');
    await writeFile(path, data);
    await stack.putVideo('damaged', path);
  });

  it.concurrent.each(FRAME_STORAGE)('accounts for each frame with frames %s', async (frames) => {
    const event_id = `damaged-${frames}`;
    const outcome = await stack.run({ video_id: 'damaged', event_id, frames, every: 1 });
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
});
