import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessUnit, CameraCodec } from '../../domain/stream/access-unit.js';
import { type ClipRecorder, createClipRecorder } from '../../streams/clips/clip-recorder.js';
import { startRecording } from '../../streams/clips/clip-recording.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { decodeNumbers } from '../support/decode-numbers.js';
import { makeJpegUnits } from '../support/jpeg-units.js';
import { readPackets } from '../support/read-packets.js';
import { createUnitFeed, type UnitFeed } from '../support/unit-feed.js';

const START = Date.UTC(2026, 0, 11, 12, 30, 5, 123);
const SIZE = { width: 320, height: 180 };
const [FRAMES, GOP] = [125, 25];

let home: string;
let launcher: string;
const units = new Map<CameraCodec, AccessUnit[]>();
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vidette-clips-'));
  launcher = await cameraLauncher(home);
  const clip = { size: SIZE, frames: FRAMES, gop: GOP, startMs: START };
  for (const codec of ['h264', 'h265'] as const) {
    units.set(codec, await makeCodedUnits(join(home, codec), { ...clip, codec }));
  }
  units.set('mjpeg', await makeJpegUnits(home, clip));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let folder: string;
let feed: UnitFeed;
let clips: ClipRecorder;
const createRecorder = () =>
  createClipRecorder({
    ...{ units: feed.source, folder, maxPixels: 1e7 },
    ffmpeg: { launcher, stallS: 20 },
  });
beforeEach(async () => {
  folder = await mkdtemp(join(home, 'recordings-'));
  feed = createUnitFeed(SIZE);
  clips = createRecorder();
});

const timeOf = (frame: number) => START + frame * 40;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe.each<CameraCodec>(['h264', 'h265', 'mjpeg'])('a clip of %s', (codec) => {
  const all = () => units.get(codec)!;
  /** Frame at which a clip from frame 60 starts. */
  const first = codec === 'mjpeg' ? 60 : 50;

  it('has every frame from the keyframe before its start to its end', async () => {
    feed.send(all().slice(0, 80));
    clips.start('e1', timeOf(60));
    const finishing = clips.finish('e1', timeOf(99));
    feed.send(all().slice(80));
    const clip = await finishing;
    expect(clip).toMatchObject({ from: timeOf(first), to: timeOf(99) });
    expect(await decodeNumbers(clip.path, SIZE)).toEqual(numbers(first, 100));
    // An encoder may store frames in another order than that of display.
    const times = (await readPackets(clip.path)).map(({ pts }) => pts).toSorted((a, b) => a - b);
    expect(times).toEqual(numbers(first, 100).map((n) => (n - first) * 40));
    expect(clip.bytes).toBe((await readFile(clip.path)).length);
    expect(feed.followers).toBe(0);
    await clips.remove('e1');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is finished by the next process when its recorder was killed', async () => {
    feed.send(all());
    clips.start('e1', timeOf(60));
    await expect.poll(() => readdir(folder)).toHaveLength(1);
    await clips.close();
    const [name] = await readdir(folder);
    const whole = await readFile(join(folder, name!));
    await writeFile(join(folder, name!), whole.subarray(0, -300));
    const next = createRecorder();
    const clip = await next.finish('e1', Infinity);
    const shown = await decodeNumbers(clip.path, SIZE);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown).toEqual(numbers(first, first + shown.length));
    expect(clip.to).toBe(timeOf(shown.at(-1)!));
  });
});

describe('a recording', () => {
  const record = (options: object = {}) =>
    startRecording({
      ...{ eventId: 'e1', units: feed.source, folder, fromMs: START, graceMs: 100, ...options },
    });
  const h264 = () => units.get('h264')!;

  it('ends when units stop arriving', async () => {
    feed.send(h264().slice(0, 30));
    const recording = record();
    expect(await recording.finish(START + 3000)).toMatchObject({ from: START, last: timeOf(29) });
    expect(feed.followers).toBe(0);
  });

  it.each([
    ['length', { maxMs: 1000 }, 25],
    ['size', { maxBytes: 1 }, 0],
  ])('ends at its maximum %s', async (_, limit, last) => {
    feed.send(h264());
    const recording = record(limit);
    await expect.poll(() => feed.followers).toBe(0);
    expect(await recording.finish(timeOf(100))).toMatchObject({ last: timeOf(last) });
  });

  it('ends when the camera sends another codec', async () => {
    feed.send(h264().slice(0, 30));
    const recording = record();
    feed.send(units.get('h265')!.slice(GOP * 2));
    await expect.poll(() => feed.followers).toBe(0);
    expect(await recording.finish(timeOf(100))).toMatchObject({ last: timeOf(29) });
  });

  it('starts with the first keyframe that arrives', async () => {
    const recording = record();
    feed.send(h264().slice(30, 60));
    const { from } = await recording.finish(timeOf(59));
    expect(from).toBe(timeOf(50));
  });

  it('fails without video, and if its folder cannot be created', async () => {
    await expect(record().finish(START)).rejects.toMatchObject({ code: 'BAD_VIDEO' });
    feed.send(h264());
    const file = join(folder, 'file');
    await writeFile(file, '');
    const nowhere = record({ folder: join(file, 'folder') });
    await expect(nowhere.finish(timeOf(50))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await sleep(0);
    expect(feed.followers).toBe(0);
  });

  it('is unknown to a host that did not make it', async () => {
    const lost = clips.finish('other', START);
    await expect(lost).rejects.toMatchObject({ code: 'SCRATCH_LOST' });
  });
});
