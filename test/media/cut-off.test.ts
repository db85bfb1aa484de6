import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { encode, filtered, QUIET } from '../support/media-files.js';

const { signal } = new AbortController();
const SECONDS = 20;
const FRAMES = 30 * SECONDS;

let folder: string;
let tools: VideoTools;
let whole: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-cut-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
  whole = join(folder, 'whole.mp4');
  const source = `testsrc2=s=160x120:r=30:d=${SECONDS},format=yuv420p`;
  await filtered(whole, source, ['-c:v', 'libx264', '-g', '60', '-bf', '2']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const probe = (source: string) => tools.probe({ source, folder, signal });

/** Formats with what declares their length, and the frames by which a time may differ. */
const FORMATS: readonly [name: string, options: readonly string[], differs: number][] = [
  ['MP4', ['-c', 'copy', '-movflags', '+faststart', '-f', 'mp4'], 0],
  ['AVI', ['-c:v', 'mpeg4', '-q:v', '3', '-f', 'avi'], 2],
  ['Matroska', ['-c', 'copy', '-f', 'matroska'], 4],
  ['FLV', ['-c', 'copy', '-f', 'flv'], 4],
];

describe.each(FORMATS)('a video in %s', (name, options, differs) => {
  const path = () => join(folder, `${name}.file`);
  beforeAll(() => encode(whole, path(), options));

  it('has no missing frames if it is complete', async () => {
    const { video, warnings } = await probe(path());
    expect(video).not.toHaveProperty('missing_frames');
    expect(warnings).toEqual([]);
  });

  it.each([0.3, 0.5, 0.8])('has a warning and a number if %d of it exist', async (share) => {
    const file = await readFile(path());
    const cut = `${path()}.cut`;
    await writeFile(cut, file.subarray(0, Math.floor(file.length * share)));
    const { video, warnings } = await probe(cut);
    const { frame_count, missing_frames = 0 } = video;
    expect(Math.abs(frame_count + missing_frames - FRAMES)).toBeLessThanOrEqual(differs);
    expect(missing_frames).toBeGreaterThan(0);
    expect(warnings).toEqual([
      expect.stringContaining(
        `cut off: it contains ${frame_count} of ${frame_count + missing_frames} `,
      ),
    ]);
  });
});

describe('a complete file', () => {
  it.each([
    ['whose sound is longer', 'matroska', ['-c:v', 'copy', '-c:a', 'aac']],
    ['whose sound is longer', 'mp4', ['-c:v', 'copy', '-c:a', 'aac']],
  ])('%s in %s is not cut off', async (_, format, codecs) => {
    const path = join(folder, `sound.${format}`);
    const sound = ['-f', 'lavfi', '-i', `sine=duration=${SECONDS + 15}`];
    await execa('ffmpeg', [...QUIET, '-i', whole, ...sound, ...codecs, '-f', format, path]);
    expect((await probe(path)).warnings).toEqual([]);
  });

  it.each([
    ['hides its first frames', ['-ss', '3.3'], []],
    ['hides its last frames', [], ['-t', '7.7']],
    ['begins later', [], ['-output_ts_offset', '5']],
  ])('with an edit list that %s is not cut off', async (name, input, output) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.mp4`);
    await execa('ffmpeg', [...QUIET, ...input, '-i', whole, '-c', 'copy', ...output, path]);
    expect((await probe(path)).warnings).toEqual([]);
  });
});
