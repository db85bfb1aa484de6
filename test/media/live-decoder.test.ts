import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveFrame, startLiveDecoder } from '../../adapters/camera/live-decoder.js';
import { probeUnits } from '../../adapters/camera/probe-units.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { readNumber } from '../support/numbered-clip.js';

const { signal } = new AbortController();
/** Within a slot, so that the grid is that of wall time and not that of the first frame. */
const START = Date.UTC(2026, 0, 11, 12, 30, 5, 123);
const CAMERA = { width: 320, height: 180 };
const SIZE = { width: 160, height: 90 };
const MAX_PIXELS = 8_294_400;
const FRAMES = 125;
const GOP = 50;

let folder: string;
let launcher: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-live-'));
  launcher = await cameraLauncher(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Decodes units until `count` frames arrived. */
async function decode(codec: NalCodec, units: readonly AccessUnit[], count: number, fps = 2) {
  const queue = createUnitQueue({ maxLagMs: () => Infinity, onDrop: () => undefined });
  for (const unit of units) queue.push(unit);
  const frames: LiveFrame[] = [];
  const output = { fps, size: SIZE, maxPixels: MAX_PIXELS };
  const decoder = startLiveDecoder(
    { launcher, codec, output, onFrame: (frame) => void frames.push(frame) },
    queue,
  );
  await Promise.race([
    expect.poll(() => frames.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count),
    decoder.ended,
  ]);
  decoder.close();
  await decoder.ended;
  return frames;
}

/** Overwrites the second half of a unit. */
function brokenCopy(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  copy.fill(0x55, copy.length >> 1);
  return copy;
}

const numberOf = ({ planes }: LiveFrame) => readNumber(planes, { size: SIZE, rotation: 0 });
const indexOf = ({ arrival }: LiveFrame) => (arrival - START) / 40;
/** Index of the first frame in each slot of half a second: 123 ms of a slot have passed at first. */
const FIRST_IN_SLOTS = [0, 10, 22, 35, 47, 60, 72, 85, 97, 110, 122];

describe.each<NalCodec>(['h264', 'h265'])('a live decoder of %s', (codec) => {
  let units: AccessUnit[];
  beforeAll(async () => {
    const clip = { codec, size: CAMERA, frames: FRAMES, gop: GOP, startMs: START };
    units = await makeCodedUnits(join(folder, codec), clip);
    expect(units).toHaveLength(FRAMES);
  });

  it('returns the first frame of each slot with the arrival of its unit', async () => {
    const frames = await decode(codec, units, FIRST_IN_SLOTS.length);
    expect(frames.map(indexOf)).toEqual(FIRST_IN_SLOTS);
    expect(frames.map(numberOf)).toEqual(FIRST_IN_SLOTS);
    expect(frames.map(({ key }) => key)).toEqual(FIRST_IN_SLOTS.map((i) => i % GOP === 0));
    expect(frames.every(({ damaged }) => !damaged)).toBe(true);
  });

  it('decodes keyframes alone', async () => {
    const keys = units.filter(({ key }) => key);
    const frames = await decode(codec, keys, 3);
    expect(frames.map(numberOf)).toEqual([0, 50, 100]);
  });

  it('decodes a group again that is replayed', async () => {
    const gop = units.slice(0, GOP);
    const sleeping = [units[0]!, units[GOP]!];
    const replayed = [...sleeping, ...gop, units[GOP]!, ...units.slice(GOP + 1)];
    const frames = await decode(codec, replayed, 13);
    expect(frames.map(numberOf)).toEqual([0, 50, ...FIRST_IN_SLOTS]);
  });

  it('continues after arrivals jump ahead', async () => {
    const HOUR = 3_600_000;
    const later = units.map((unit) => ({ ...unit, arrival: unit.arrival + HOUR }));
    const frames = await decode(codec, [...units, ...later], 22);
    expect(frames.map(numberOf)).toEqual([...FIRST_IN_SLOTS, ...FIRST_IN_SLOTS]);
  });

  it('returns a frame for each slot of a damaged stream', async () => {
    const isDamaged = (i: number) => (i > 10 && i < 30) || (i >= GOP && i < GOP + 20);
    const damaged = units.map((unit, i) =>
      isDamaged(i) ? { ...unit, damaged: true, data: brokenCopy(unit.data) } : unit,
    );
    const frames = await decode(codec, damaged, FIRST_IN_SLOTS.length);
    const whole = frames.filter((frame) => indexOf(frame) < 10 || indexOf(frame) >= 2 * GOP);
    expect(whole.map(numberOf)).toEqual([0, 110, 122]);
    expect(frames.map(indexOf)).toEqual(FIRST_IN_SLOTS);
  });

  it('has its size probed from a keyframe', async () => {
    const settings = { launcher: await cameraLauncher(folder, 'ffprobe'), maxPixels: MAX_PIXELS };
    expect(await probeUnits(settings, codec, units.slice(0, 1), signal)).toEqual(CAMERA);
    await expect(
      probeUnits({ ...settings, maxPixels: 1000 }, codec, units.slice(0, 1), signal),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const broken = [{ ...units[0]!, data: Buffer.alloc(500, 1) }];
    await expect(probeUnits(settings, codec, broken, signal)).rejects.toMatchObject({
      code: 'STREAM_NO_VIDEO',
    });
  });
});

describe('a decoder that returns no frame', () => {
  it('is ended within six seconds', async () => {
    const deaf = join(folder, 'deaf');
    await writeFile(deaf, '#!/bin/sh\nexec cat >/dev/null\n');
    await chmod(deaf, 0o755);
    const queue = createUnitQueue({ maxLagMs: () => Infinity, onDrop: () => undefined });
    const clip = { codec: 'h264', size: CAMERA, frames: 1, gop: 1, startMs: START } as const;
    for (const unit of await makeCodedUnits(join(folder, 'one'), clip)) queue.push(unit);
    const output = { fps: 2, size: SIZE, maxPixels: MAX_PIXELS };
    const settings = { launcher: deaf, codec: 'h264', output, onFrame: () => undefined } as const;
    const start = performance.now();
    const decoder = startLiveDecoder(settings, queue);
    expect(await decoder.ended).toMatchObject({ cause: 'stuck' });
    expect(performance.now() - start).toBeGreaterThan(5000);
    expect(performance.now() - start).toBeLessThan(6500);
  });
});
