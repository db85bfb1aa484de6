import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { rotateMp4 } from '../support/clips.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { decodedPixels, framesFromStart } from '../support/exact-decoding.js';
import { filtered } from '../support/media-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-rotation-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([45, 135])('keeps the size of a video that is turned by %i degrees', async (degrees) => {
  const { signal } = new AbortController();
  const source = join(folder, `turned${degrees}.mp4`);
  await filtered(source, 'testsrc2=s=160x96:r=10:d=1,format=yuv420p', ['-c:v', 'libx264']);
  await rotateMp4(source, degrees);
  const tools = await createVideoTools(readConfig({}).ffmpeg, folder);
  const probed = await tools.probe({ source, folder, signal });
  expect(probed.video).toMatchObject({ size: { width: 160, height: 96 }, rotation: 0 });
  expect(probed.warnings).toEqual([expect.stringMatching(/not by a multiple of 90/)]);
  const decoded = await decodeAllRanges(tools, source, { probed, folder, signal });
  expect(await decodedPixels(decoded)).toEqual(await framesFromStart(source));
});
