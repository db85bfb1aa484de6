import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processTree } from '../../adapters/ffmpeg/process-tree.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { filtered } from '../support/media-files.js';

const STALL_S = 1;
const { signal } = new AbortController();

let folder: string;
let tools: VideoTools;
/** Source that never delivers data. */
let silent: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-hung-'));
  const { ffmpeg } = readConfig({ VIDETTE_FFMPEG_STALL_S: String(STALL_S) });
  tools = await createVideoTools(ffmpeg, folder);
  silent = join(folder, 'silent.mp4');
  await execa('mkfifo', [silent]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the error of a call, and expects that no process it started remains. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
  const start = performance.now();
  const failure = await call.catch((error: unknown) => error);
  expect(performance.now() - start).toBeGreaterThan(STALL_S * 900);
  await expect.poll(() => processTree(process.pid)).toEqual([process.pid]);
  return failure;
}

describe.skipIf(process.platform !== 'linux')('a source on which a tool waits indefinitely', () => {
  it('ends the probe with a retryable error', async () => {
    expect(await failureOf(tools.probe({ source: silent, folder, signal }))).toMatchObject({
      code: 'DECODE_FAILED',
      message: expect.stringMatching(/^ffprobe hung: .*VIDETTE_FFMPEG_STALL_S/) as string,
    });
  });

  it('ends the decoder with a retryable error', async () => {
    const clip = join(folder, 'clip.mp4');
    await filtered(clip, 'testsrc=s=64x48:r=10:d=1');
    const { video, identity } = await tools.probe({ source: clip, folder, signal });
    const frames = [{ frame: 0, pts: video.first_pts }];
    const range = { video, identity, seekPts: video.first_pts, frames, preprocess: false } as const;
    const output = { format: 'yuv420p' } as const;
    const call = tools.decode({ source: silent, folder, ...range, output, signal });
    expect(await failureOf(call)).toMatchObject({
      code: 'DECODE_FAILED',
      message: expect.stringMatching(/^ffmpeg hung: /) as string,
    });
  });

  it('ends the tool when its activity is cancelled', async () => {
    const controller = new AbortController();
    const slow = await createVideoTools(readConfig({}).ffmpeg, join(folder, 'slow'));
    setTimeout(() => controller.abort(new Error('cancelled')), STALL_S * 950);
    const failure = await failureOf(
      slow.probe({ source: silent, folder, signal: controller.signal }),
    );
    expect(failure).toMatchObject({ message: 'cancelled' });
  });
});
