import { pause } from '../api/connection.js';
import { request } from '../api/request.js';
import { streamUrl } from '../api/streams.js';
import type { LiveMedia } from './live-video.js';
import { readImages } from './multipart.js';

/** Time without a first image after which images are not available. */
const START_MS = 6000;
/** Delay of images, in which the row of an image arrives, so that boxes are those of the image. */
const DELAY_MS = 1000;

/** Shows the live images of a camera until they end. @throws RequestError if the API has none */
export async function playLiveImages(
  uuid: string,
  { target: image, onFrame, signal }: LiveMedia<HTMLImageElement>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const limit = setTimeout(() => stop.abort(), START_MS);
  try {
    const response = await request(streamUrl(uuid, 'live.mjpeg'), { signal: either });
    for await (const { timestampMs, jpeg } of readImages(response)) {
      clearTimeout(limit);
      void pause(DELAY_MS, either)
        .then(() => showJpeg(image, jpeg))
        .then(() => onFrame(timestampMs))
        .catch(() => undefined); // the view has ended, or the image is damaged
    }
  } finally {
    clearTimeout(limit);
    stop.abort();
  }
}

/** Shows a JPEG once it is decoded, so that the image before stays until then. */
export async function showJpeg(image: HTMLImageElement, jpeg: Blob): Promise<void> {
  const url = URL.createObjectURL(jpeg);
  const decoded = new Image();
  decoded.src = url;
  try {
    await decoded.decode();
    image.src = url;
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
}
