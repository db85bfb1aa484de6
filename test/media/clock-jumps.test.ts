import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { VideoRenderer } from '../../domain/ports/video-renderer.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { fillWith, QUIET } from '../support/media-files.js';
import { makeNumberedClip } from '../support/numbered-clip.js';
import { readNumbers } from '../support/read-numbers.js';

const { signal } = new AbortController();
const MAX_BYTES = 100 * 1024 ** 2;
const FRAMES = 240;
const RATE = 20;
/** Length of one half of the clip, which ends before a keyframe, in seconds. */
const HALF_S = FRAMES / 2 / RATE;
const SIZE = { width: 128, height: 64 };
const JUMP = /timestamps of this video jump back/;
/** Second at which the clock of MPEG-TS starts over. */
const OVERFLOW_S = 2 ** 33 / 90_000;

let folder: string;
let tools: VideoTools;
let renderer: VideoRenderer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-jumps-'));
  const settings = readConfig({}).ffmpeg;
  tools = await createVideoTools(settings, folder);
  renderer = await createVideoRenderer(settings, folder, MAX_BYTES);
  const options = ['-c:v', 'libx264', '-g', '40', '-sc_threshold', '0', '-bf', '2'];
  await makeNumberedClip(join(folder, 'whole.mp4'), {
    size: SIZE,
    frames: FRAMES,
    rate: RATE,
    options,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Seconds by which a seek is later than a keyframe, because ffmpeg seeks earlier in reordered video. */
const SEEK_LATER_S = 0.2;

/** Joins both halves of the clip, each with a start of its own in seconds. */
async function makeJump(name: string, [first, second]: readonly [number, number], format: string) {
  const path = join(folder, `${name.replaceAll(' ', '-')}.${format}`);
  const halves = [
    { input: [], output: ['-frames:v', String(FRAMES / 2)], offset: first },
    { input: ['-ss', String(HALF_S + SEEK_LATER_S)], output: [], offset: second + SEEK_LATER_S },
  ];
  for (const [i, { input, output, offset }] of halves.entries()) {
    const options = ['-c', 'copy', ...output, '-output_ts_offset', String(offset), '-f', format];
    const source = [...input, '-i', join(folder, 'whole.mp4')];
    await execa('ffmpeg', [...QUIET, ...source, ...options, `${path}.${i}`]);
  }
  await fillWith(path, [`${path}.0`, `${path}.1`]);
  return path;
}

async function probeAndDecode(source: string) {
  const home = await mkdtemp(join(folder, 'part-'));
  const probed = await tools.probe({ source, folder: home, signal });
  const decoded = await decodeAllRanges(tools, source, { probed, folder: home, signal });
  expect(decoded.flatMap(({ skipped }) => skipped)).toEqual([]);
  const numbers = await readNumbers(decoded, { size: SIZE, rotation: 0 });
  expect(numbers).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
  return { home, ...probed };
}

describe('a video whose clock is set back', () => {
  it.each([
    ['far below its start', [500, 10]],
    ['by less than a minute', [500, 470]],
    ['by less than its length', [500, 503]],
    ['after half a day', [50_000, 10]],
  ] as const)('is counted, with a warning, and can be rendered: %s', async (name, starts) => {
    const source = await makeJump(name, starts, 'mpegts');
    const { video, identity, warnings, home } = await probeAndDecode(source);
    expect(identity).toBe('ordinal');
    expect(warnings).toEqual([expect.stringMatching(JUMP)]);
    const request = { source, folder: home, video, identity, maxBytes: MAX_BYTES, signal };
    const rendered = await renderer.render({ ...request, onFrames: () => undefined });
    const times = Array.from({ length: FRAMES }, (_, i) => (i * 1000) / RATE);
    expect(await shownTimes(rendered)).toEqual(times);
  });
});

describe('a video whose clock starts over', () => {
  it('is not confused with one that is set back', async () => {
    const start = OVERFLOW_S - 3;
    const source = await makeJump('overflow', [start, start + HALF_S], 'mpegts');
    const { identity, warnings } = await probeAndDecode(source);
    expect(identity).toBe('pts');
    expect(warnings).toEqual([]);
  });
});

async function shownTimes(path: string): Promise<number[]> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...show, '-of', 'csv=p=0', path]);
  const times = stdout.split('\n').map((line) => Math.round(Number.parseFloat(line) * 1000));
  return times.sort((a, b) => a - b);
}
