import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isGap, isoTime } from '../../domain/stream/entry.js';
import { START_TIME_HEADER } from '../../domain/stream/worker-paths.js';
import type { CameraAttachment } from '../../streams/camera-host.js';
import { liveFrames } from '../../streams/live/live-frames.js';
import { liveJpegs, type LiveJpegsOptions } from '../../streams/live/live-jpegs.js';
import { openLiveMp4 } from '../../streams/live/live-mp4.js';
import {
  MULTIPART_TYPE,
  multipartFrame,
  multipartImage,
  multipartRow,
} from '../../streams/live/multipart-images.js';
import type { CameraRoute } from './camera-routes.js';

/** Decoder of the images of a live view. */
export type ViewDecoder = Pick<LiveJpegsOptions, 'launcher' | 'maxPixels'>;

/** Creates the routes of live views by the last part of their path. */
export function createLiveRoutes(decoder: ViewDecoder): Readonly<Record<string, CameraRoute>> {
  return {
    'live.frames': untilGone(sendFrames),
    'live.mp4': untilGone(sendVideo),
    'live.mjpeg': untilGone((...request) => sendImages(decoder, ...request)),
  };
}

/** A view that the viewer or the camera ends has not failed. */
function untilGone(route: CameraRoute): CameraRoute {
  return async (attachment, response, signal) => {
    try {
      await route(attachment, response, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}

async function sendVideo(
  { units }: CameraAttachment,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { contentType, startMs, body } = await openLiveMp4(units, { signal });
  const headers = { 'content-type': contentType, [START_TIME_HEADER]: isoTime(startMs) };
  response.writeHead(200, { ...headers, 'cache-control': 'no-store' });
  await pipeline(body, response, { signal });
}

/**
 * Sends coded frames as they arrive, and rows as they are made. The response starts with the first frame,
 * so that errors have a status.
 */
async function sendFrames(
  attachment: CameraAttachment,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const stop = attachment.followMade((entries) => {
    if (!response.headersSent || response.writableNeedDrain) return;
    for (const entry of entries) if (!isGap(entry)) response.write(multipartRow(entry));
  });
  try {
    for await (const frame of liveFrames(attachment.units, { signal })) {
      if (!response.headersSent)
        response.writeHead(200, { 'content-type': MULTIPART_TYPE, 'cache-control': 'no-store' });
      if (!response.write(multipartFrame(frame))) await once(response, 'drain', { signal });
    }
  } finally {
    stop();
  }
}

/** Sends the newest image whenever the viewer has received the one before. */
async function sendImages(
  decoder: ViewDecoder,
  { units, fps }: CameraAttachment,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': MULTIPART_TYPE, 'cache-control': 'no-store' });
  response.flushHeaders();
  for await (const image of liveJpegs(units, { ...decoder, fps: fps(), signal })) {
    if (!response.write(multipartImage(image))) await once(response, 'drain', { signal });
  }
}
