import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boundaryOf, createMultipartParser } from '../../adapters/camera/multipart.js';
import type { AccessUnit, CameraCodec, NalCodec } from '../../domain/stream/access-unit.js';
import { liveFrames } from '../../streams/live/live-frames.js';
import { liveJpegs } from '../../streams/live/live-jpegs.js';
import { openLiveMp4 } from '../../streams/live/live-mp4.js';
import { multipartImage, MULTIPART_TYPE } from '../../streams/live/multipart-images.js';
import { takeSnapshot } from '../../streams/live/snapshot.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { decodeNumbers } from '../support/decode-numbers.js';
import { makeJpegUnits } from '../support/jpeg-units.js';
import { createUnitFeed, type UnitFeed } from '../support/unit-feed.js';

const SIZE = { width: 320, height: 180 };
const [FRAMES, GOP] = [125, 25];
const { signal } = new AbortController();

let home: string;
let settings: { launcher: string; maxPixels: number };
const coded = new Map<CameraCodec, AccessUnit[]>();
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vidette-views-'));
  settings = { launcher: await cameraLauncher(home), maxPixels: 1e7 };
  const clip = { size: SIZE, frames: FRAMES, gop: GOP, startMs: 0 };
  for (const codec of ['h264', 'h265'] as const) {
    coded.set(codec, await makeCodedUnits(join(home, codec), { ...clip, codec }));
  }
  coded.set('mjpeg', await makeJpegUnits(home, clip));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let feed: UnitFeed;
beforeEach(() => {
  feed = createUnitFeed(SIZE);
});

/** Units of a codec, of which `past` have arrived until now and the others arrive later. */
function unitsOf(codec: CameraCodec, past: number) {
  const start = Date.now() - past * 40;
  const units = coded.get(codec)!.map((unit) => ({ ...unit, arrival: start + unit.arrival }));
  feed.send(units.slice(0, past));
  return { units, timeOf: (frame: number) => start + frame * 40 };
}

async function numberOf(jpeg: Buffer, size = SIZE): Promise<number | undefined> {
  const path = join(home, 'image.jpg');
  await writeFile(path, jpeg);
  return (await decodeNumbers(path, size))[0];
}

describe.each<CameraCodec>(['h264', 'h265', 'mjpeg'])('a snapshot of %s', (codec) => {
  it('shows the frame at a time, or the first one after it', async () => {
    const { timeOf } = unitsOf(codec, FRAMES);
    for (const [at, frame] of [
      [timeOf(60), 60],
      [timeOf(60) + 1, 61],
      [timeOf(75), 75],
    ] as const) {
      const jpeg = await takeSnapshot(feed.source, settings, at);
      expect(await numberOf(jpeg!)).toBe(frame);
    }
    expect(feed.followers).toBe(0);
  });

  it('waits for a frame that has not arrived', async () => {
    const { units, timeOf } = unitsOf(codec, 60);
    const taking = takeSnapshot(feed.source, settings, timeOf(80));
    feed.send(units.slice(60));
    expect(await numberOf((await taking)!)).toBe(80);
  });
});

describe.each<NalCodec>(['h264', 'h265'])('a live view of %s as MP4', (codec) => {
  it('starts with a whole group of frames and continues with the ones that arrive', async () => {
    const { units, timeOf } = unitsOf(codec, 76);
    const { contentType, startMs, body } = await openLiveMp4(feed.source, { signal });
    expect(contentType).toMatch(
      codec === 'h264' ? /^video\/mp4; codecs="avc1\.[\da-f]{6}"$/ : /codecs="hvc1\.1\./,
    );
    // Two seconds ago frame 26 arrived; its keyframe is number 25.
    expect(startMs).toBe(timeOf(25));
    const parts: Buffer[] = [];
    body.on('data', (part: Buffer) => parts.push(part));
    feed.send(units.slice(76));
    const path = join(home, 'view.mp4');
    const shown = async () => {
      await writeFile(path, Buffer.concat(parts));
      return decodeNumbers(path, SIZE);
    };
    // All but the last group, which is not complete.
    const whole = Array.from({ length: 75 }, (_, i) => 25 + i);
    await expect.poll(shown, { timeout: 20_000, interval: 500 }).toEqual(whole);
    body.destroy();
    await expect.poll(() => feed.followers).toBe(0);
  });

  it('ends when the camera sends another codec', async () => {
    unitsOf(codec, 90);
    const { body } = await openLiveMp4(feed.source, { signal });
    body.resume();
    const other = coded.get(codec === 'h264' ? 'h265' : 'h264')!;
    feed.send(other.slice(0, 2));
    await expect.poll(() => body.readableEnded).toBe(true);
    await expect.poll(() => feed.followers).toBe(0);
  });
});

describe.each<NalCodec>(['h264', 'h265'])('live frames of %s', (codec) => {
  it('start with the newest keyframe, and continue with each frame when it arrives', async () => {
    const { units, timeOf } = unitsOf(codec, 90);
    const frames = liveFrames(feed.source, { signal });
    const read = async () => (await frames.next()).value!;
    for (let frame = 75; frame < 90; frame++) {
      const { unit, codecText } = await read();
      expect(unit.arrival).toBe(timeOf(frame));
      expect(codecText).toMatch(codec === 'h264' ? /^avc1\.[\da-f]{6}$/ : /^hvc1\.1\./);
    }
    for (const unit of units.slice(90, 110)) {
      const next = read(); // no later frame is needed
      feed.send([unit]);
      expect((await next).unit).toBe(unit);
    }
    await frames.return();
    expect(feed.followers).toBe(0);
  });

  it('leave out what a slow viewer has not read, up to the newest keyframe', async () => {
    const { units } = unitsOf(codec, 76);
    const frames = liveFrames(feed.source, { signal });
    await frames.next();
    const padding = Buffer.alloc(1024 ** 2, 0x55);
    const large = units
      .slice(76, 105)
      .map((unit) => ({ ...unit, data: Buffer.concat([unit.data, padding]) }));
    feed.send(large);
    const { unit } = (await frames.next()).value!;
    expect(unit).toBe(large.find(({ key }) => key));
    await frames.return();
  });

  it('end when the camera sends another codec, and with the view', async () => {
    unitsOf(codec, 76);
    const frames = liveFrames(feed.source, { signal });
    await frames.next();
    feed.send(coded.get(codec === 'h264' ? 'h265' : 'h264')!.slice(0, 1));
    expect(await frames.next()).toEqual({ done: true, value: undefined });
    const ending = new AbortController();
    const other = liveFrames(feed.source, { signal: ending.signal });
    await other.next();
    const last = other.next();
    ending.abort();
    expect(await last).toMatchObject({ done: true });
    expect(feed.followers).toBe(0);
  });
});

describe('live frames', () => {
  it('are refused of MJPEG, and end if no keyframe arrives', async () => {
    const late = liveFrames(feed.source, { signal, timeoutMs: 50 });
    await expect(late.next()).rejects.toMatchObject({ code: 'STREAM_TIMEOUT' });
    unitsOf('mjpeg', 10);
    const jpegs = liveFrames(feed.source, { signal });
    await expect(jpegs.next()).rejects.toMatchObject({ code: 'STREAM_CODEC_UNSUPPORTED' });
    expect(feed.followers).toBe(0);
  });
});

describe('a live view as MP4', () => {
  it('refuses MJPEG, and reports that no video arrives', async () => {
    await expect(openLiveMp4(feed.source, { signal, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'STREAM_TIMEOUT',
    });
    unitsOf('mjpeg', 10);
    await expect(openLiveMp4(feed.source, { signal })).rejects.toMatchObject({
      code: 'STREAM_CODEC_UNSUPPORTED',
    });
    expect(feed.followers).toBe(0);
  });

  it('ends for a viewer that does not read', async () => {
    const { units } = unitsOf('h264', 90);
    const { body } = await openLiveMp4(feed.source, { signal });
    const failed = new Promise<Error>((resolve) => body.once('error', resolve));
    const padding = Buffer.alloc(4 * 1024 ** 2, 0x55);
    const large = units
      .slice(90)
      .map((unit) => ({ ...unit, data: Buffer.concat([unit.data, padding]) }));
    feed.send(large);
    expect(await failed).toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect.poll(() => feed.followers).toBe(0);
  });
});

describe.each<CameraCodec>(['h264', 'h265', 'mjpeg'])('live images of %s', (codec) => {
  it('are those that start a slot, with their arrivals, and end with the view', async () => {
    const ending = new AbortController();
    const { units, timeOf } = unitsOf(codec, 30);
    const options = { ...settings, fps: 5, signal: ending.signal };
    const shown: number[] = [];
    const viewing = (async () => {
      for await (const { arrival, jpeg } of liveJpegs(feed.source, options)) {
        const frame = (await numberOf(jpeg))!;
        expect(arrival).toBe(timeOf(frame));
        shown.push(frame);
      }
    })();
    feed.send(units.slice(30, 60));
    await expect.poll(() => shown.at(-1), { timeout: 20_000 }).toBeGreaterThan(50);
    ending.abort();
    await viewing;
    expect(feed.followers).toBe(0);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });
});

describe('a multipart image', () => {
  it('is read by a parser of its content type, with its timestamp', () => {
    const jpeg = Buffer.from('ffd8ff--vidette-frame', 'latin1');
    const image = multipartImage({ arrival: Date.UTC(2026, 0, 11), jpeg });
    expect(image.toString('latin1')).toContain('X-Timestamp: 2026-01-11T00:00:00.000Z\r\n');
    const parser = createMultipartParser(boundaryOf(MULTIPART_TYPE), { partBytes: 100 });
    expect(parser.push(Buffer.concat([image, image]))).toEqual([jpeg, jpeg]);
  });
});
