import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundaryOf, createMultipartParser } from '../../adapters/camera/multipart.js';
import { accessUnit } from '../../test/support/access-units.js';
import { createUnitFeed, type UnitFeed } from '../../test/support/unit-feed.js';
import type { CameraAttachment } from '../../streams/camera-host.js';
import { causeOf } from '../../domain/stream/gap.js';
import type { LogEntry } from '../../domain/stream/entry.js';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { createLiveRoutes } from './live-routes.js';

const ROUTES = createLiveRoutes({ launcher: 'unused', maxPixels: 1e6 });

/** A black frame of H.264 in Annex B, with its parameter sets. */
const KEYFRAME = Buffer.from(
  'AAAAAWdCwArcQmwEQAAAAwBAAAAMg8SJ4AAAAAFozg8sgAAAAWWIhAS8mKAAOKMnJyddddddddddddeA',
  'base64',
);

let feed: UnitFeed;
/** Makes entries, for those who follow. */
let made: Set<(entries: readonly LogEntry[]) => void>;
let ending: AbortController;
let server: Server;
let failures: unknown[];
beforeEach(async () => {
  [feed, ending, failures] = [createUnitFeed({ width: 64, height: 64 }), new AbortController(), []];
  made = new Set();
  const followMade: CameraAttachment['followMade'] = (follower) => {
    made.add(follower);
    return () => void made.delete(follower);
  };
  const attachment = { units: feed.source, fps: () => 10, followMade } as Partial<CameraAttachment>;
  server = createServer((request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([ending.signal, gone.signal]);
    const route = ROUTES[request.url!.slice(1)]!;
    route(attachment as CameraAttachment, response, signal)
      .catch((error: unknown) => failures.push(error))
      .finally(() => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, signal?: AbortSignal) => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return fetch(`http://127.0.0.1:${port}/${path}`, { signal });
};
const jpegAt = (arrival: number, content: string) =>
  accessUnit(arrival, { key: true, codec: 'mjpeg', data: Buffer.from(content) });

describe('live images', () => {
  it('are sent with the timestamps of their frames until the camera is detached', async () => {
    const response = await get('live.mjpeg');
    await expect.poll(() => feed.followers).toBe(1);
    const now = Date.now();
    feed.send([jpegAt(now + 100, 'first')]);
    const parts: string[] = [];
    const type = response.headers.get('content-type')!;
    const parser = createMultipartParser(boundaryOf(type), { partBytes: 1000 });
    for await (const chunk of response.body! as AsyncIterable<Uint8Array>) {
      for (const part of parser.push(Buffer.from(chunk))) parts.push(part.toString());
      if (parts.length === 1) feed.send([jpegAt(now + 300, 'second')]);
      if (parts.length === 2) ending.abort();
    }
    expect(parts).toEqual(['first', 'second']);
    expect(feed.followers).toBe(0);
    expect(failures).toEqual([]);
  });

  it('end when the viewer leaves', async () => {
    const leaving = new AbortController();
    await get('live.mjpeg', leaving.signal);
    await expect.poll(() => feed.followers).toBe(1);
    leaving.abort();
    await expect.poll(() => feed.followers).toBe(0);
    expect(failures).toEqual([]);
  });
});

describe('live frames', () => {
  it('are sent as they arrive, with the rows that are made, until the camera is detached', async () => {
    const key = accessUnit(Date.now(), { key: true, data: KEYFRAME });
    const row = { ...{ scenario_uuid: LOG_UUID, frame_number: 7 }, detections: [] };
    const gap = { scenario_uuid: LOG_UUID, gap: { from: '', to: '', ...causeOf('overload') } };
    const opening = get('live.frames');
    await expect.poll(() => feed.followers).toBe(1);
    const make = (...entries: LogEntry[]) => made.forEach((follower) => follower(entries));
    make({ ...row, timestamp: '2026-01-11T12:00:00.000Z' }); // before the first frame
    feed.send([key]);
    const response = await opening;
    const type = response.headers.get('content-type')!;
    const parser = createMultipartParser(boundaryOf(type), { partBytes: 100_000 });
    const parts: Buffer[] = [];
    for await (const chunk of response.body! as AsyncIterable<Uint8Array>) {
      parts.push(...parser.push(Buffer.from(chunk)));
      if (parts.length === 1) make(gap, { ...row, timestamp: '2026-01-11T12:00:01.000Z' });
      if (parts.length === 2) ending.abort();
    }
    expect(parts[0]).toEqual(key.data);
    expect(JSON.parse(parts[1]!.toString())).toEqual({
      ...{ ...row, timestamp: '2026-01-11T12:00:01.000Z' },
      committed: false,
    });
    expect([made.size, feed.followers, failures]).toEqual([0, 0, []]);
  });
});

it('rejects video of a camera that sends JPEGs', async () => {
  const response = get('live.mp4');
  await expect.poll(() => feed.followers).toBe(1);
  feed.send([jpegAt(Date.now(), 'image')]);
  await response;
  expect(failures).toMatchObject([{ code: 'STREAM_CODEC_UNSUPPORTED' }]);
});
