import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLIP_FPS, makeCameraClip } from '../camera/camera-clip.js';
import { type FaultCamera, startFaultCamera } from '../camera/fault-camera.js';
import { nextItems } from '../camera/read-camera.js';
import { createTestCameras } from '../support/rtsp-camera.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);
let folder: string;
let server: FaultCamera;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-rtsp-'));
  server = await startFaultCamera({ clip: await makeCameraClip(folder, 'h264') });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a camera', () => {
  it('has its session ended when it is closed', async () => {
    const { close, units } = await cameras.open(server.url);
    await nextItems(units, 1);
    expect(await server.stats()).toMatchObject({ active: 1 });
    await close();
    await expect.poll(async () => (await server.stats()).active).toBe(0);
  });

  it('without video is noticed within six seconds, and is left', async () => {
    const { ended, units } = await cameras.open(server.url);
    await nextItems(units, CLIP_FPS);
    await server.stall(8000);
    const start = performance.now();
    expect(await ended).toMatchObject({ code: 'STREAM_TIMEOUT' });
    expect(performance.now() - start).toBeGreaterThan(4500);
    expect(performance.now() - start).toBeLessThan(6000);
    await expect.poll(async () => (await server.stats()).active).toBe(0);
  });

  it('that closes the connection is noticed at once', async () => {
    const { ended, units } = await cameras.open(server.url);
    await nextItems(units, 1);
    const start = performance.now();
    await server.inject('disconnect');
    expect(await ended).toMatchObject({ code: 'STREAM_CONNECTION_FAILED' });
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
