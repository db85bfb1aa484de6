import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import type { CameraAttachment } from '../../streams/camera-host.js';
import { startCameraHost, type TestCameraHost, writeMockModel } from '../support/camera-host.js';
import { type CameraClip, makeCameraClip } from './camera-clip.js';
import { type FaultCamera, startFaultCamera } from './fault-camera.js';

/** A slot of 250 ms ends before the first new connection, after 400 ms at least. */
const FPS = 4;
/** Limit of a wait on a slow machine. */
const SLOW = { timeout: 120_000, interval: 100 };
const CREDENTIALS = { username: 'admin', password: 'planted-password' };

/** A host of cameras, and a camera with faults; both are new in each test. */
export interface WatchedCamera {
  readonly camera: FaultCamera;
  /** Attaches to the camera, by default with the right password. */
  readonly watch: (password?: string) => Promise<CameraAttachment>;
  /** Stops the scenario, and returns its log, whose rows are numbered without a hole. */
  readonly stop: (attachment: CameraAttachment) => ReturnType<TestCameraHost['readLog']>;
}

/** Starts and ends a host and a camera around each test of a file. */
export function useWatchedCamera(codec: NalCodec): WatchedCamera {
  let folder: string;
  let clip: CameraClip;
  let model: LocalModel;
  let host: TestCameraHost;
  let camera: FaultCamera;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-stream-'));
    clip = await makeCameraClip(folder, codec);
    model = await writeMockModel(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    host = await startCameraHost();
    camera = await startFaultCamera({ clip, credentials: CREDENTIALS });
  });
  afterEach(async () => {
    await host?.close();
    await camera?.close();
  });
  return {
    get camera() {
      return camera;
    },
    watch: (password = CREDENTIALS.password) =>
      host.attach({
        url: camera.url.replace('://', `://${CREDENTIALS.username}:${password}@`),
        ...{ model, fps: FPS },
      }),
    async stop(attachment) {
      await attachment.detach('stopped');
      const log = await host.readLog();
      const numbers = log.rows.map(({ frame_number }) => frame_number);
      expect(numbers).toEqual(log.rows.map((_, i) => i + 1));
      return log;
    },
  };
}

/** Waits for more rows. */
export async function nextRows(attachment: CameraAttachment, count: number): Promise<void> {
  const last = attachment.status().frame_number + count;
  await slowPoll(() => attachment.status().frame_number).toBeGreaterThanOrEqual(last);
}

export async function expectState(attachment: CameraAttachment, state: StreamState): Promise<void> {
  await slowPoll(() => attachment.status().state).toBe(state);
}

/** Polls for as long as a slow machine needs. */
export const slowPoll: typeof expect.poll = (read) => expect.poll(read, SLOW);
