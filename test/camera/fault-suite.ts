import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { CLIP_FPS, CLIP_FRAMES, CLIP_GOP, type CameraClip, makeCameraClip } from './camera-clip.js';
import { decodeCamera, type DecodedCamera, type NumberedFrame } from './decode-camera.js';
import { type FaultCamera, startFaultCamera } from './fault-camera.js';
import { nextItems } from './read-camera.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { createTestCameras } from '../support/rtsp-camera.js';

const HOUR_MS = 3_600_000;
const CORRUPT_MS = 2000;
const CLOCK_FAULTS = [
  ['jump', HOUR_MS],
  ['jump', -2 * HOUR_MS],
  ['reset', 0],
] as const;
/** Ticks of the RTP clock from one unit to the next. */
const UNIT_TICKS = 90_000 / CLIP_FPS;

/** Expects a frame in each slot in which units arrived. */
function expectEverySlot({ frames, units }: DecodedCamera): void {
  const last = frames.at(-1)!.arrival;
  const slots = units.filter(({ arrival }) => arrival <= last).map(({ slot }) => slot);
  expect(frames.map(({ unit }) => unit.slot)).toEqual([...new Set(slots)]);
}

/** Expects that each frame shows the number of its unit. */
function expectNumbers(
  frames: readonly NumberedFrame[],
  positionOf: (frame: NumberedFrame) => number,
): void {
  const [first] = frames;
  const start = first!.number - positionOf(first!);
  const expected = frames.map((frame) => (start + positionOf(frame)) % CLIP_FRAMES);
  expect(frames.map(({ number }) => number)).toEqual(expected.map(modulo));
}

const modulo = (number: number) => (number + CLIP_FRAMES) % CLIP_FRAMES;
/** Position of a unit in a stream without loss, and in one whose clock does not jump. */
const byCount = ({ unit }: NumberedFrame) => unit.index;
const byClock = ({ unit }: NumberedFrame) => Math.round(unit.ts / UNIT_TICKS);

/** Defines the tests of a camera with faults. */
export function testFaults(codec: NalCodec): void {
  describe(`a camera with faults that sends ${codec}`, () => {
    const cameras = createTestCameras();
    afterEach(cameras.closeAll);
    let folder: string;
    let launcher: string;
    let clip: CameraClip;
    let server: FaultCamera;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vidette-faults-'));
      launcher = await cameraLauncher(folder);
      clip = await makeCameraClip(folder, codec);
      server = await startFaultCamera({ clip });
    });
    afterAll(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const decode = async () => {
      const decoded = await decodeCamera(server.url, clip, launcher);
      cameras.onClose(decoded.close);
      await nextItems(decoded.frames, 1);
      return decoded;
    };

    it('has a frame in every slot while its clock jumps and starts again', async () => {
      const decoded = await decode();
      const { frames, camera } = decoded;
      for (const [fault, value] of CLOCK_FAULTS) {
        await server.inject(fault, value);
        await nextItems(frames, 3);
      }
      expectEverySlot(decoded);
      expectNumbers(frames, byCount);
      expect(frames.every(({ damaged }) => !damaged)).toBe(true);
      expect(camera.stats()).toMatchObject({ lost: 0, dropped: 0 });
    });

    it('has its frames marked from a loss until the next intact keyframe', async () => {
      const { units, stats } = await cameras.open(server.url);
      const { frames } = await decode();
      await server.inject('loss', 50);
      await expect.poll(() => stats().lost).toBeGreaterThan(3);
      // The connection of the decoder loses other packets.
      await expect.poll(() => frames.some(({ damaged }) => damaged)).toBe(true);
      await server.inject('loss', 0);
      const after = await nextItems(units, 2 * CLIP_GOP);
      expect(units.some(({ damaged }) => damaged)).toBe(true);
      expect(after.slice(CLIP_GOP + 5).every(({ damaged }) => !damaged)).toBe(true);
      await nextItems(frames, 1);
      const intact = frames.filter(({ damaged }) => !damaged);
      expect(intact.length).toBeLessThan(frames.length);
      expectNumbers(intact, byClock);
    });

    it('has identical planes while it repeats a frame', async () => {
      const { frames } = await decode();
      await server.inject('still', 5000);
      const isStill = () => new Set(frames.slice(-3).map(({ number }) => number)).size === 1;
      await expect.poll(() => frames.length >= 3 && isStill()).toBe(true);
      const still = frames.slice(-3);
      for (const { planes } of still) expect(planes.equals(still[0]!.planes)).toBe(true);
      await expect.poll(() => frames.at(-1)!.number).not.toBe(still[0]!.number);
    });

    it('is decoded again after invalid frames', async () => {
      const decoded = await decode();
      const { frames } = decoded;
      const start = Date.now();
      await server.inject('corrupt', CORRUPT_MS);
      // Frames depend on the invalid ones until the next keyframe.
      const valid = start + CORRUPT_MS + (1000 * CLIP_GOP) / CLIP_FPS;
      await expect.poll(() => frames.at(-1)!.arrival).toBeGreaterThan(valid);
      const after = await nextItems(frames, 3);
      expectNumbers([frames[0]!, ...after], byCount);
    });
  });
}
