import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { scenarioDocument } from '../../test/support/scenarios.js';
import type { Stream, Streams, VidetteClient } from '../../client/index.js';
import { viewStream } from '../../client/streams/stream-view.js';
import { AppError } from '../../domain/errors.js';
import type { FollowedModels } from '../../domain/ports/followed-models.js';
import { closeServer } from '../server.js';
import { STREAMS } from './paths.js';

const STREAM = `${STREAMS}/${LOG_UUID}`;
const START = '2026-01-11T12:30:05.123Z';
const document = scenarioDocument();
const stream = viewStream({ scenario_uuid: LOG_UUID, document, run: undefined });

let api: ListeningApi;
// After a request that is aborted, fetch leaves a connection without one, which is not idle to Node.
afterEach(() => closeServer(api.server, 100));

async function start(streams: Partial<Streams>): Promise<void> {
  const client = { streams } as unknown as VidetteClient;
  const manifest = { labels: ['person'] };
  const models = { resolve: () => Promise.resolve(manifest) } as unknown as FollowedModels;
  api = await listen({}, [], undefined, undefined, { client, models });
}

/** A body of some chunks, or one that continues until it is cancelled. */
function bodyOf(chunks: readonly Buffer[], onCancel?: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (!onCancel) controller.close();
    },
    cancel: onCancel,
  });
}

const grey = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();

describe('latest.jpg', () => {
  const serve = async (detections: object[], frame_size: Stream['frame_size'] = null) => {
    const jpeg = await grey();
    await start({
      live: () =>
        Promise.resolve({ contentType: 'image/jpeg', startTime: null, body: bodyOf([jpeg]) }),
      get: () => Promise.resolve({ ...stream, frame_number: 7, model: null, frame_size }),
      results: async function* (_, options) {
        await Promise.resolve();
        expect(options).toMatchObject({ after: 6 });
        const timestamp = '2026-01-11T12:30:05.123Z';
        yield { scenario_uuid: LOG_UUID, frame_number: 7, timestamp, detections } as never;
      },
    });
    return jpeg;
  };
  const request = async (query = '') => {
    const response = await fetch(`http://127.0.0.1:${api.port}${STREAM}/latest.jpg${query}`);
    return { response, image: Buffer.from(await response.arrayBuffer()) };
  };

  /** Whether the left edge of a box from 8 to 40 pixels is drawn. */
  const isDrawn = async (image: Buffer) => {
    const edge = sharp(image).extract({ left: 7, top: 28, width: 2, height: 8 });
    const means = (await edge.stats()).channels.map(({ mean }) => mean);
    return Math.max(...means) - Math.min(...means) > 30;
  };

  it('is the newest image of the camera', async () => {
    const jpeg = await serve([]);
    const { response, image } = await request();
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(image.equals(jpeg)).toBe(true);
  });

  it('has the boxes of the last row on request', async () => {
    await serve([{ class: 'person', confidence: 0.9, bbox: [8, 8, 40, 40] }]);
    const { image } = await request('?boxes=1');
    expect(await isDrawn(image)).toBe(true);
  });

  it('draws boxes at the scale of an image that is smaller than the frames', async () => {
    const detection = { class: 'person', confidence: 0.9, bbox: [80, 80, 400, 400] };
    await serve([detection], { width: 640, height: 480 });
    const { image } = await request('?boxes=1');
    expect(await isDrawn(image)).toBe(true);
  });

  it('responds 409 while the camera sends none', async () => {
    await start({ live: () => Promise.reject(new AppError('CAMERA_NOT_LIVE', 'none')) });
    expect((await request()).response.status).toBe(409);
  });
});

it('passes live video on until the client leaves', async () => {
  let isCancelled = false;
  const body = bodyOf([Buffer.from('moov')], () => void (isCancelled = true));
  let given: AbortSignal | undefined;
  await start({
    live: (_uuid, kind, signal) => {
      expect(kind).toBe('liveMp4');
      given = signal;
      return Promise.resolve({ contentType: 'video/mp4', startTime: START, body });
    },
  });
  const leave = new AbortController();
  const url = `http://127.0.0.1:${api.port}${STREAM}/live.mp4`;
  const response = await fetch(url, { signal: leave.signal });
  expect(response.headers.get('content-type')).toBe('video/mp4');
  expect(response.headers.get('x-start-time')).toBe(START);
  const { value } = (await response.body!.getReader().read()) as { value: Uint8Array };
  expect(Buffer.from(value).toString()).toBe('moov');
  leave.abort();
  await expect.poll(() => given?.aborted).toBe(true);
  await expect.poll(() => isCancelled).toBe(true);
});
