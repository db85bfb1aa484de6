import { request } from '../api/request.js';
import { streamUrl } from '../api/streams.js';
import type { LiveMedia } from './live-video.js';
import { readParts } from './multipart.js';

/** Time without a first image after which images are not available. */
const START_MS = 6000;

interface LiveImages extends LiveMedia<HTMLImageElement> {
  /** Resolves when the row of an image has arrived, or does not arrive. */
  readonly untilRow: (timestampMs: number) => Promise<void>;
}

/**
 * Shows the live images of a camera until they end, each together with its row.
 * @throws RequestError if the API has none
 */
export async function playLiveImages(
  uuid: string,
  { target: image, onFrame, untilRow, signal }: LiveImages,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const limit = setTimeout(() => stop.abort(), START_MS);
  let newest = -Infinity;
  const show = async (timestampMs: number, jpeg: Blob) => {
    await showJpeg(image, jpeg, async () => {
      await untilRow(timestampMs);
      const isShown = !either.aborted && timestampMs > newest;
      if (isShown) newest = timestampMs;
      return isShown;
    });
    if (newest === timestampMs) onFrame(timestampMs);
  };
  try {
    const response = await request(streamUrl(uuid, 'live.mjpeg'), { signal: either });
    for await (const { timestampMs, data } of readParts(response)) {
      clearTimeout(limit);
      const jpeg = new Blob([data], { type: 'image/jpeg' });
      show(timestampMs, jpeg).catch(() => undefined); // the image is damaged
    }
  } finally {
    clearTimeout(limit);
    stop.abort();
  }
}

/**
 * Shows a JPEG once it is decoded, so that the image before stays until then.
 * @param isWanted asked when it is decoded, whether it is shown
 */
export async function showJpeg(
  image: HTMLImageElement,
  jpeg: Blob,
  isWanted: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  const url = URL.createObjectURL(jpeg);
  const decoded = new Image();
  decoded.src = url;
  try {
    await decoded.decode();
    if (!(await isWanted())) return;
    image.src = url;
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
}
