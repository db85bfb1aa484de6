import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { CameraAttachment } from '../../streams/camera-host.js';
import {
  cameraPid,
  childrenOf,
  startCameraHost,
  type TestCameraHost,
  type TestScenario,
  writeMockModel,
} from '../support/camera-host.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { CAMERA_SECRET, stopHttpCameras } from '../support/http-camera.js';
import {
  type LoopingCamera,
  startMjpegCamera,
  startRtspCamera,
} from '../support/looping-cameras.js';
import { filtered } from '../support/media-files.js';
import { makeNumberedClip } from '../support/numbered-clip.js';

const SIZE = { width: 320, height: 180 };
/** Frames per second of the cameras, and the interval between their frames. */
const FPS = 5;
const INTERVAL_MS = 100;
const GOP = 20;
/** Limit of a wait on a slow machine. */
const SLOW = { timeout: 120_000, interval: 100 };

let folder: string;
let model: LocalModel;
let host: TestCameraHost;
const cameras: LoopingCamera[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-stream-'));
  model = await writeMockModel(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  host = await startCameraHost(folder);
});
afterEach(async () => {
  await host.close();
  for (const camera of cameras.splice(0)) camera.close();
  stopHttpCameras();
});

async function mjpegCamera(): Promise<LoopingCamera> {
  const path = join(folder, 'frames.mjpeg');
  await makeNumberedClip(path, { size: SIZE, frames: 40, options: ['-f', 'mjpeg'] });
  cameras.push(await startMjpegCamera(path, INTERVAL_MS));
  return cameras.at(-1)!;
}

async function rtspCamera(): Promise<LoopingCamera> {
  const clip = { codec: 'h264', size: SIZE, frames: GOP, gop: GOP, startMs: 0 } as const;
  cameras.push(
    await startRtspCamera(await makeCodedUnits(join(folder, 'units'), clip), INTERVAL_MS),
  );
  return cameras.at(-1)!;
}

/** Attaches to a camera and follows its log. */
async function watch(scenario: Pick<TestScenario, 'url'> & Partial<TestScenario>) {
  const attachment = await host.attach({ model, fps: FPS, ...scenario });
  const entries: LogEntry[] = [];
  attachment.follow((stored) => void entries.push(...stored));
  const rows = () => entries.filter((entry) => !isGap(entry)).length;
  return { attachment, entries, rows };
}

const reached = (attachment: CameraAttachment, row: number) =>
  expect.poll(() => attachment.status().frame_number, SLOW).toBeGreaterThanOrEqual(row);

describe('a file', () => {
  const seconds = 4;
  const fileUrl = async () => {
    const path = join(folder, 'clip.mp4');
    await filtered(path, `testsrc2=s=320x180:r=25:d=${seconds}`);
    return `file://${path}`;
  };

  it('gives a row for each slot and ends', async () => {
    const url = await fileUrl();
    const { attachment, entries } = await watch({ url, pace: 'fast' });
    await attachment.ended;
    const { rows, reasons, account } = await host.readLog();
    expect(rows).toHaveLength(seconds * FPS);
    expect(account.seen_s).toBe(seconds);
    expect(rows[0]!.detections).toHaveLength(2);
    expect(new Set(reasons)).toEqual(new Set(['starting', 'connecting']));
    expect(entries).toEqual((await host.readLog()).entries);
    expect(attachment.status().state).toBe('ended');
  });

  it('is not allowed outside of the folder of files', async () => {
    const { attachment } = await watch({ url: 'file:///etc/hostname' });
    await expect(attachment.ended).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('an MJPEG camera', () => {
  it('keeps its connection and its numbers when the next attempt attaches', async () => {
    const camera = await mjpegCamera();
    const first = await watch({ url: camera.url });
    await reached(first.attachment, 5);
    const pid = await cameraPid();
    const { next } = await first.attachment.detach('hand_over');
    const second = await watch({ url: camera.url });
    await reached(second.attachment, next + 5);
    expect(await cameraPid()).toBe(pid);
    expect(camera.connections()).toBe(1);
    await second.attachment.detach('stopped');
    const { rows, reasons } = await host.readLog();
    expect(rows.length).toBeGreaterThanOrEqual(next + 5);
    expect(reasons).not.toContain('worker_lost');
    await expect.poll(cameraPid).toBeUndefined();
  });

  it('is connected again when its process is killed', async () => {
    const camera = await mjpegCamera();
    const { attachment } = await watch({ url: camera.url });
    await reached(attachment, 5);
    const pid = (await cameraPid())!;
    process.kill(pid, 'SIGKILL');
    await expect.poll(camera.connections, SLOW).toBe(2);
    await reached(attachment, attachment.status().frame_number + 5);
    expect(await cameraPid()).not.toBe(pid);
    await attachment.detach('paused');
    const { gaps, rows } = await host.readLog();
    expect(gaps.find(({ reason }) => reason === 'worker_lost')?.message).toContain('SIGKILL');
    expect(rows.map(({ frame_number }) => frame_number)).toEqual(rows.map((_, i) => i + 1));
  });

  it('accepts other parameters without another connection', async () => {
    const camera = await mjpegCamera();
    const { attachment } = await watch({ url: camera.url });
    await reached(attachment, 5);
    const { next } = await host
      .attach({ url: camera.url, model, fps: 1, conf: 0.99 })
      .then(async (changed) => {
        await reached(changed, attachment.status().frame_number + 3);
        return changed.detach('stopped');
      });
    await expect(attachment.ended).rejects.toMatchObject({ code: 'SCENARIO_TAKEN_OVER' });
    const { rows } = await host.readLog();
    expect(next).toBe(rows.length + 1);
    expect(rows.at(-1)!.detections).toEqual([]);
    const [before, last] = rows.slice(-2).map(({ timestamp }) => Date.parse(timestamp));
    expect(last! - before!).toBeGreaterThan(500);
    expect(camera.connections()).toBe(1);
  });

  it('reveals its URL nowhere', async () => {
    const camera = await mjpegCamera();
    expect(camera.url).toContain(CAMERA_SECRET);
    const { attachment, entries } = await watch({ url: camera.url });
    await reached(attachment, 1);
    const pid = (await cameraPid())!;
    const facts = [await readFile(`/proc/${pid}/cmdline`), await readFile(`/proc/${pid}/environ`)];
    expect(Buffer.concat(facts).includes(CAMERA_SECRET)).toBe(false);
    stopHttpCameras();
    await expect.poll(() => attachment.status().state, SLOW).toBe('unreachable');
    const seen = JSON.stringify([entries, attachment.status(), await attachment.detach('stopped')]);
    expect(seen).not.toContain(CAMERA_SECRET);
    expect(JSON.stringify((await host.readLog()).entries)).not.toContain(CAMERA_SECRET);
  });
});

describe('an RTSP camera', () => {
  it('gives rows, the newest image and its coded frames', async () => {
    const camera = await rtspCamera();
    const { attachment } = await watch({ url: camera.url });
    await reached(attachment, 3);
    expect((await attachment.latestJpeg())!.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const units: AccessUnit[] = [];
    const stop = attachment.units.follow(Date.now(), (unit) => void units.push(unit));
    await expect.poll(() => units.length, SLOW).toBeGreaterThan(1);
    stop();
    expect(units[0]).toMatchObject({ codec: 'h264', key: true });
    expect(Buffer.isBuffer(units[0]!.data)).toBe(true);
    expect(attachment.units.size()).toEqual(SIZE);
    await attachment.detach('stopped');
    expect((await host.readLog()).rows.length).toBeGreaterThanOrEqual(3);
  });

  // At 1 fps the units of a slot fill the socket, so that none of the next slot is written.
  it.each([1, FPS])('gets another decoder when its decoder is stuck at %d fps', async (fps) => {
    const camera = await rtspCamera();
    const { attachment } = await watch({ url: camera.url, fps });
    await reached(attachment, 3);
    const [decoder] = await childrenOf((await cameraPid())!, 'ffmpeg');
    process.kill(decoder!, 'SIGSTOP');
    await expect
      .poll(async () => (await childrenOf((await cameraPid())!, 'ffmpeg')).includes(decoder!), SLOW)
      .toBe(false);
    await reached(attachment, attachment.status().frame_number + 3);
    expect(camera.connections()).toBe(1);
    await attachment.detach('stopped');
    const { gaps } = await host.readLog();
    const stuck = gaps.find(({ reason }) => reason === 'undecodable');
    expect(stuck?.message).toContain('returned no frame');
  });
});
