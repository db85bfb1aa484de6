import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveFrame, startLiveDecoder } from '../../adapters/camera/live-decoder.js';
import { createStillScene } from '../../detection/still-scene.js';
import { STILL_THRESHOLD } from '../../domain/job/job-input.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { createSleepGate } from '../../domain/stream/sleep-gate.js';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { readUnits, unitOptions } from '../support/coded-units.js';
import { filtered } from '../support/media-files.js';

const START = Date.UTC(2026, 0, 11, 12, 30);
const SIZE = { width: 160, height: 90 };
const CODING = { codec: 'h264', gop: 50, startMs: START } as const;
/** A white box appears after 7 s, within the group of frames from 6 to 8 s. */
const SCENE =
  "color=gray:s=320x180:r=25:d=10,drawbox=x=80:y=40:w=80:h=80:t=fill:color=white:enable='gte(t,7)'";

let folder: string;
let launcher: string;
let units: AccessUnit[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-sleep-'));
  launcher = await cameraLauncher(folder);
  const path = join(folder, 'scene.h264');
  await filtered(path, SCENE, ['-pix_fmt', 'yuv420p', ...unitOptions(CODING)]);
  units = await readUnits(path, CODING);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs all units through a gate and a decoder; waits for each keyframe, as a camera does. */
async function watch() {
  const queue = createUnitQueue({ maxLagMs: () => Infinity, onDrop: () => undefined });
  const gate = createSleepGate({ settleMs: 3000 });
  const scene = createStillScene(SIZE, STILL_THRESHOLD);
  const frames: LiveFrame[] = [];
  const decoded: number[] = [];
  const decode = (passed: readonly AccessUnit[]) => {
    for (const unit of passed) queue.push(unit);
    decoded.push(...passed.map(({ arrival }) => arrival - START));
    decoder.pump();
  };
  const onFrame = (frame: LiveFrame) => {
    frames.push(frame);
    decode(gate.compared(frame.arrival, scene.isStill(frame.planes, 'planes')));
  };
  const output = { fps: 2, size: SIZE, maxPixels: 8_294_400 };
  const decoder = startLiveDecoder({ launcher, codec: 'h264', output, onFrame }, queue);
  const asleepAt: number[] = [];
  for (const unit of units) {
    decode(gate.unit(unit));
    if (!unit.key) continue;
    if (gate.isAsleep()) asleepAt.push(unit.arrival - START);
    await expect.poll(() => frames.some(({ arrival }) => arrival === unit.arrival)).toBe(true);
  }
  await expect.poll(() => frames.at(-1)?.arrival).toBe(START + 9520);
  decoder.close();
  await decoder.ended;
  return { frames, decoded, asleepAt };
}

const hasBox = ({ planes }: LiveFrame) => planes[40 * SIZE.width + 60]! > 200;

describe('a sleeping decoder', () => {
  it('decodes keyframes only while the scene is still, and what precedes a change', async () => {
    const { frames, decoded, asleepAt } = await watch();
    expect(asleepAt).toEqual([4000, 6000, 8000]);
    const times = frames.map(({ arrival }) => arrival - START);
    expect(times).toEqual([
      ...[0, 520, 1000, 1520, 2000, 2520, 3000, 3520, 4000, 6000, 8000],
      // The keyframe at 8 s shows the box: the group from 6 s on is decoded again.
      ...[6000, 6520, 7000, 7520, 8000, 8520, 9000, 9520],
    ]);
    expect(frames.slice(-8).map(hasBox)).toEqual([
      ...[false, false, true, true],
      ...[true, true, true, true],
    ]);
    // All units to 4 s, the keyframes at 4, 6 and 8 s, and all units from 6 s on.
    expect(decoded).toHaveLength(100 + 3 + 100);
  });
});
