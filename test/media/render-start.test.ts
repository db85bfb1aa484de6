import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { TimedRow } from '../../domain/export/rows-with-duration.js';
import type { VideoRenderer } from '../../domain/ports/video-renderer.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { drawObjects } from '../../domain/video/draw-objects.js';
import { PTS_BYTES } from '../../domain/video/timestamp.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { filtered } from '../support/media-files.js';

const { signal } = new AbortController();
const MAX_BYTES = 100 * 1024 ** 2;
const FRAMES = 40;
const FRAME_MS = 100;
const SIDE = 128;
/** Frame that has an object, whose box covers its centre. */
const MARKED = 4;
const BOX = [60, 60, 68, 68] as const;
/** Frames that are rendered as still images, each for a time. */
const STILLS = [0, 3, MARKED, 5, 31, FRAMES - 1];
const SHOWN_MS = 500;

let folder: string;
let tools: VideoTools;
let renderer: VideoRenderer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-render-'));
  const settings = readConfig({}).ffmpeg;
  tools = await createVideoTools(settings, folder);
  renderer = await createVideoRenderer(settings, folder, MAX_BYTES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a rendered video', () => {
  it.each([
    ['MPEG-TS from 1.4 s', 'mpegts', 0],
    ['MPEG-TS from 50 001 s', 'mpegts', 50_000],
    ['MPEG-TS across the wrap of its clock', 'mpegts', 95_442],
    ['Matroska from 7 s', 'matroska', 7],
    ['MP4 from 2.5 s', 'mp4', 2.5],
  ])('of %s starts at 0 and shows each row on its frame', async (name, format, offset) => {
    const source = join(folder, `${name.replaceAll(' ', '-')}.${format}`);
    const content = `color=black:s=${SIDE}x${SIDE}:r=10:d=${FRAMES / 10},format=yuv420p`;
    await filtered(source, content, ['-bf', '0', '-output_ts_offset', `${offset}`, '-f', format]);
    const [annotated, preview] = [await render(source, markedRows()), await render(source)];
    const times = Array.from({ length: FRAMES }, (_, i) => i * FRAME_MS);
    expect(await shownTimes(annotated)).toEqual(times);
    expect(await shownTimes(preview)).toEqual(times);
    expect(await framesWithBox(annotated)).toEqual([MARKED]);
    const stills = await renderStills(source);
    expect(await shownTimes(stills)).toEqual(STILLS.map((_, i) => i * SHOWN_MS));
    expect(await framesWithBox(stills)).toEqual([STILLS.indexOf(MARKED)]);
    expect(await durationOf(stills)).toBe(STILLS.length * SHOWN_MS);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of one row
async function* markedRows(): AsyncGenerator<TimedRow> {
  const fromMs = MARKED * FRAME_MS;
  const objects = [{ class: 'car', box: [...BOX], conf: 0.9 }] as TimedRow['row']['objects'];
  const row = { frame: MARKED, timestamp_ms: fromMs, objects };
  yield { row, fromMs, toMs: fromMs + FRAME_MS };
}

/** Renders {@link STILLS}, found by the table of frames. */
async function renderStills(source: string): Promise<string> {
  const home = await mkdtemp(join(folder, 'part-'));
  const { video, identity, tablePath } = await tools.probe({ source, folder: home, signal });
  const table = await readFile(tablePath);
  const frames = STILLS.map((frame) => {
    return { frame, pts: Number(table.readBigInt64LE(frame * PTS_BYTES)) };
  });
  const overlay = { drawings: drawObjects(markedRows(), createPalette([])), captionLines: 2 };
  return renderer.render({
    ...{ source, folder: home, video, identity, overlay, maxBytes: MAX_BYTES, signal },
    ...{ stills: { frames, shownMs: SHOWN_MS }, onFrames: () => undefined },
  });
}

async function render(source: string, rows?: AsyncIterable<TimedRow>): Promise<string> {
  const home = await mkdtemp(join(folder, 'part-'));
  const { video, identity } = await tools.probe({ source, folder: home, signal });
  const request = { source, folder: home, video, identity, maxBytes: MAX_BYTES, signal };
  const overlay = rows && { drawings: drawObjects(rows, createPalette([])) };
  return renderer.render({ ...request, overlay, onFrames: () => undefined });
}

/** Times of the frames that a player shows, in milliseconds; an edit list can hide some. */
async function shownTimes(path: string): Promise<number[]> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...show, '-of', 'csv=p=0', path]);
  const packets = stdout.split('\n').map((line) => line.split(','));
  const shown = packets.filter(([, flags = '']) => !flags.includes('D'));
  return shown.map(([time]) => Math.round(Number(time) * 1000)).sort((a, b) => a - b);
}

/** Duration of a video in milliseconds. */
async function durationOf(path: string): Promise<number> {
  const show = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Math.round(Number((await execa('ffprobe', show)).stdout) * 1000);
}

/** Numbers of the frames whose centre is not black. */
async function framesWithBox(path: string): Promise<number[]> {
  const crop = ['-vf', 'crop=8:8:60:60,scale=1:1:flags=area,format=gray'];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', path, ...crop, ...output], {
    encoding: 'buffer',
  });
  return [...stdout].flatMap((luma, frame) => (luma > 40 ? [frame] : []));
}
