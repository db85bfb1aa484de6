import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { AppError } from '../../domain/errors.js';
import type { LogEntry } from '../../domain/stream/entry.js';
import { workerPaths } from '../../domain/stream/worker-paths.js';
import type { CameraAttachment } from '../../streams/camera-host.js';
import { type CameraDirectory, createCameraDirectory } from './attached-cameras.js';
import { type InternalServer, startInternalServer } from './internal-server.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const TOKEN = 'a'.repeat(64);
const GAP: LogEntry = {
  scenario_uuid: UUID,
  gap: { from: '', to: '', reason: 'connecting', message: '' },
};
const row = (frame_number: number): LogEntry => ({
  ...{ scenario_uuid: UUID, frame_number, detections: [], timestamp: '' },
});

let cameras: CameraDirectory;
let server: InternalServer;
let followers: Set<(entries: readonly LogEntry[]) => void>;
let image: Buffer | undefined;
let detach: () => void;
beforeEach(async () => {
  cameras = createCameraDirectory();
  followers = new Set();
  image = Buffer.from('image');
  detach = cameras.add(UUID, fakeAttachment());
  server = await startInternalServer({
    ...{ host: '127.0.0.1', token: TOKEN, cameras, logger: pino({ level: 'silent' }) },
    liveRoutes: { 'live.mp4': () => Promise.reject(new AppError('STREAM_TIMEOUT', 'Too late.')) },
  });
});
afterEach(() => server.close());

/** The part of an attachment that routes use. */
function fakeAttachment(): CameraAttachment {
  const attachment: Partial<CameraAttachment> = {
    status: () => ({
      ...{ state: 'live', since: '', message: '', frame_number: 6, fps: 2, lag_ms: 0 },
    }),
    follow: (onEntries) => {
      followers.add(onEntries);
      return () => followers.delete(onEntries);
    },
    latestJpeg: () => Promise.resolve(image),
  };
  return attachment as CameraAttachment;
}

function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) {
  return fetch(`${server.address}${path}`, { headers });
}

describe('startInternalServer', () => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${'b'.repeat(64)}` }],
    ['a shorter token', { authorization: 'Bearer a' }],
  ])('rejects a request with %s', async (_, headers) => {
    const response = await get(workerPaths.latestJpeg(UUID), headers);
    expect(response.status).toBe(401);
  });

  it.each([
    ['an unknown route', `/streams/${UUID}/constructor`],
    ['another path', '/readyz'],
    ['an invalid uuid', '/streams/x/latest.jpg'],
    ['a camera of another worker', `/streams/${UUID.replace('5f', '60')}/latest.jpg`],
  ])('does not find %s', async (_, path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('sends the newest image, or 404 before the first one', async () => {
    const response = await get(workerPaths.latestJpeg(UUID));
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(await response.text()).toBe('image');
    image = undefined;
    expect((await get(workerPaths.latestJpeg(UUID))).status).toBe(404);
  });

  it('reports the error of a view', async () => {
    const response = await get(workerPaths.liveMp4(UUID));
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({ error: 'Too late.', code: 'STREAM_TIMEOUT' });
  });

  it('reports commits until the camera is detached', async () => {
    const response = await get(workerPaths.commits(UUID));
    const text = response.text();
    await expect.poll(() => followers.size).toBe(1);
    const [follower] = followers;
    follower!([GAP]);
    follower!([row(7), row(8), GAP]);
    detach();
    expect(await text).toBe('{"frame_number":6}\n{"frame_number":8}\n');
    expect(followers.size).toBe(0);
    expect((await get(workerPaths.commits(UUID))).status).toBe(404);
  });

  it('ends following when the client has gone', async () => {
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${TOKEN}` };
    await fetch(`${server.address}${workerPaths.commits(UUID)}`, {
      headers,
      signal: leaving.signal,
    });
    expect(followers.size).toBe(1);
    leaving.abort();
    await expect.poll(() => followers.size).toBe(0);
  });
});

it('keeps a later attachment of a scenario when an earlier one is removed', () => {
  const later = fakeAttachment();
  cameras.add(UUID, later);
  detach();
  expect(cameras.find(UUID)?.attachment).toBe(later);
});
