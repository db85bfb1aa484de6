import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NAL_FORMATS } from '../../adapters/rtsp/nal.js';
import type { TimedUnit } from '../../adapters/rtsp/track-reader.js';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { CLIP_FPS, CLIP_GOP, type CameraClip, makeCameraClip } from './camera-clip.js';
import type { CameraServer, ServerKind } from './camera-server.js';
import { decodeNumbers, expectConsecutive, nextItems } from './read-camera.js';
import { createTestCameras } from '../support/rtsp-camera.js';

const SILENCE_MS = 2000;
/** Longer than a busy machine needs to notice the silence. */
const STALL_MS = 3 * SILENCE_MS;

/** Units from the first keyframe on: a client may join between two of them. */
function fromKeyframe(units: readonly TimedUnit[]): TimedUnit[] {
  return units.slice(units.findIndex(({ key }) => key));
}

/** Defines the tests that each server must pass with each codec. */
export function testServer(kind: ServerKind, codec: NalCodec): void {
  const { name, missing } = kind;
  const title = missing ? `${name} (skipped: ${missing})` : name;
  describe.skipIf(missing !== undefined)(`${codec} of ${title} is read`, () => {
    const cameras = createTestCameras();
    afterEach(cameras.closeAll);
    let folder: string;
    let clip: CameraClip;
    let server: CameraServer;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vidette-rtsp-'));
      clip = await makeCameraClip(folder, codec);
      server = await kind.start({ clip });
    });
    afterAll(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const open = () => cameras.open(server.url, { silenceMs: SILENCE_MS });
    const expectVideo = async () => {
      const { units, stats } = await open();
      await nextItems(units, CLIP_GOP + CLIP_FPS);
      const read = fromKeyframe(units);
      const numbers = await decodeNumbers(clip, read);
      expect(numbers).toHaveLength(read.length);
      expectConsecutive(numbers);
      expect(stats().lost).toBe(0);
      expect(read.every(({ damaged }) => !damaged)).toBe(true);
      return read;
    };

    it('with every frame, and with parameter sets in front of keyframes', async () => {
      const { parameterSets, typeOf } = NAL_FORMATS[codec];
      for (const { key, nals } of await expectVideo()) {
        if (key) expect(nals.map(typeOf)).toEqual(expect.arrayContaining([...parameterSets]));
      }
    });

    it('until no video arrives, and again when it does', async () => {
      const { units, ended } = await open();
      await nextItems(units, 1);
      await server.stall(STALL_MS);
      const start = performance.now();
      expect(await ended).toMatchObject({ code: 'STREAM_TIMEOUT' });
      expect(performance.now() - start).toBeGreaterThan(0.8 * SILENCE_MS);
      expect(performance.now() - start).toBeLessThan(1.2 * SILENCE_MS + 1000);
      await sleep(start + STALL_MS - performance.now());
      await expectVideo();
    });

    it('until the server closes the connection, and again when it is back', async () => {
      const { units, ended } = await open();
      await nextItems(units, 1);
      const back = server.away(500);
      expect(await ended).toMatchObject({ code: 'STREAM_CONNECTION_FAILED' });
      await back;
      await expectVideo();
    });

    it('with STREAM_NOT_FOUND for an unknown path', async () => {
      const unknown = cameras.open(`${server.url}-unknown`);
      await expect(unknown).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    });
  });
}
