import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { encode, filtered, QUIET } from '../support/media-files.js';
import { makeNumberedClip } from '../support/numbered-clip.js';
import { readNumbers } from '../support/read-numbers.js';

const { signal } = new AbortController();
const FRAMES = 12;
const SIZE = { width: 128, height: 64 };
const DNXHR = { width: 1280, height: 720 };

let folder: string;
let tools: VideoTools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-codecs-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a codec of cameras, editors and writers', () => {
  it.each([
    ['raw I420', 'avi', ['-c:v', 'rawvideo', '-pix_fmt', 'yuv420p'], SIZE],
    ['raw grey', 'avi', ['-c:v', 'rawvideo', '-pix_fmt', 'gray'], SIZE],
    ['raw BGR', 'avi', ['-c:v', 'rawvideo', '-pix_fmt', 'bgr24'], SIZE],
    ['HuffYUV', 'avi', ['-c:v', 'huffyuv', '-pix_fmt', 'yuv422p'], SIZE],
    ['FFVHuff', 'avi', ['-c:v', 'ffvhuff'], SIZE],
    ['UtVideo', 'avi', ['-c:v', 'utvideo'], SIZE],
    ['PNG', 'mov', ['-c:v', 'png', '-pix_fmt', 'rgb24'], SIZE],
    ['QuickTime RLE', 'mov', ['-c:v', 'qtrle', '-pix_fmt', 'rgb24'], SIZE],
    ['DNxHR', 'mov', ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_sq', '-pix_fmt', 'yuv422p'], DNXHR],
    ['CineForm', 'mov', ['-c:v', 'cfhd', '-pix_fmt', 'yuv422p10le'], DNXHR],
    ['v210', 'mov', ['-c:v', 'v210', '-pix_fmt', 'yuv422p10le'], DNXHR],
    ['JPEG 2000', 'mov', ['-c:v', 'jpeg2000', '-pix_fmt', 'yuv420p'], SIZE],
    ['Cinepak', 'mov', ['-c:v', 'cinepak', '-pix_fmt', 'rgb24'], SIZE],
  ] as const)('is decoded to each frame: %s', async (name, extension, options, size) => {
    const home = await mkdtemp(join(folder, 'file-'));
    const path = join(home, `${name}.${extension}`);
    await makeNumberedClip(path, { size, frames: FRAMES, options });
    const probed = await tools.probe({ source: path, folder: home, signal });
    const decoded = await decodeAllRanges(tools, path, { probed, folder: home, signal });
    expect(decoded.flatMap(({ skipped }) => skipped)).toEqual([]);
    const numbers = await readNumbers(decoded, { size, rotation: 0 });
    expect(numbers).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
  });
});

describe('an unsupported codec', () => {
  it('is named, with a command that converts the file to a supported one', async () => {
    const clip = join(folder, 'clip.mp4');
    const refused = join(folder, 'refused.avi');
    await filtered(clip, 'testsrc2=s=128x64:r=10:d=1');
    await encode(clip, refused, ['-c:v', 'magicyuv', '-f', 'avi']);
    const probe = (source: string) => tools.probe({ source, folder, signal });
    const message = await probe(refused).then(() => '', messageOf);
    expect(message).toContain('unsupported codec (magicyuv)');
    const command = /"ffmpeg -i VIDEO (.+) converted\.mp4"/.exec(message)?.[1];
    const converted = join(folder, 'converted.mp4');
    await execa('ffmpeg', [...QUIET, '-i', refused, ...command!.split(' '), converted]);
    expect((await probe(converted)).video.frame_count).toBe(10);
  });
});
