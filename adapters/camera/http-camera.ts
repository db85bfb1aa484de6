import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type AccessUnit, createArrivalOrder } from '../../domain/stream/access-unit.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import { startSilenceWatch } from '../rtsp/silence-watch.js';
import { ProtocolError, RELAY_ADVICE, silentCamera, streamError } from '../rtsp/stream-error.js';
import { type CameraRequestOptions, requestCamera } from './camera-request.js';
import type { BodyFormat } from './decoder-arguments.js';
import { pollJpegs, readMjpeg } from './jpeg-units.js';
import { boundaryOf } from './multipart.js';

export interface HttpCameraOptions extends CameraRequestOptions {
  /** Frames per second at which single JPEGs are requested. */
  readonly fps: number;
  /** Time without a JPEG after which the connection ends, in ms. */
  readonly silenceMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const SILENCE_MS = 5000;

/** An HTTP camera that sends JPEGs, or a container that ffmpeg reads. */
export type HttpCamera =
  | { readonly kind: 'units'; readonly units: AsyncIterable<AccessUnit> }
  | { readonly kind: 'body'; readonly format: BodyFormat; readonly body: Readable };

/** Containers by their media types. */
const FORMATS: Readonly<Record<string, BodyFormat>> = {
  'video/mp2t': 'mpegts',
  'video/x-flv': 'flv',
  'video/mp4': 'mov',
};
const PLAYLISTS = ['application/vnd.apple.mpegurl', 'application/x-mpegurl', 'audio/mpegurl'];

/**
 * Opens an `http:` or `https:` camera.
 * @throws AppError `URL_FORBIDDEN` or a code `STREAM_…`, also while its units are read.
 */
export async function openHttpCamera(
  url: CameraUrl,
  options: HttpCameraOptions,
  signal: AbortSignal,
): Promise<HttpCamera> {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  const request = () => requestCamera(url, options, either);
  const response = await request();
  const { fps, silenceMs = SILENCE_MS, now = Date.now } = options;
  const order = createArrivalOrder();
  const arrivals = () => order(now());
  const [contentType, mediaType] = contentTypeOf(response);
  const format = FORMATS[mediaType];
  if (format) return { kind: 'body', format, body: response };
  try {
    if (mediaType === 'multipart/x-mixed-replace') {
      const units = readMjpeg(response, boundaryOf(contentType), arrivals);
      return { kind: 'units', units: watched(units, { url, silence, silenceMs, signal }) };
    }
    if (mediaType === 'image/jpeg') {
      const units = pollJpegs(response, request, { fps, arrivals, signal: either });
      const limit = silenceMs + 1000 / fps;
      return { kind: 'units', units: watched(units, { url, silence, silenceMs: limit, signal }) };
    }
    throw unsupported(mediaType, url);
  } catch (error) {
    response.destroy();
    throw explain(error, url);
  }
}

function contentTypeOf(
  response: IncomingMessage,
): readonly [contentType: string, mediaType: string] {
  const contentType = response.headers['content-type'] ?? '';
  return [contentType, contentType.split(';')[0]!.trim().toLowerCase()];
}

function unsupported(mediaType: string, { shown }: CameraUrl): Error {
  if (PLAYLISTS.includes(mediaType)) {
    const what = `${shown} sends an HLS playlist, which is not read`;
    return streamError('STREAM_TRANSPORT_UNSUPPORTED', what, RELAY_ADVICE);
  }
  const type = mediaType.replace(/[^\w/.+-]/g, '').slice(0, 60) || 'no content type';
  const what = `${shown} sends ${type}, not a video`;
  const advice = 'Give the URL of an MJPEG stream, a JPEG, MPEG-TS, FLV or MP4.';
  return streamError('STREAM_NO_VIDEO', what, advice);
}

interface WatchOptions {
  readonly url: CameraUrl;
  /** Aborts the requests of the camera. */
  readonly silence: AbortController;
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** Reads units until none arrives for some time, and translates the errors of the connection. */
async function* watched(
  units: AsyncIterable<AccessUnit>,
  { url, silence, silenceMs, signal }: WatchOptions,
): AsyncGenerator<AccessUnit, void, undefined> {
  let count = 0;
  const onSilence = () => silence.abort();
  const stopWatch = startSilenceWatch({ silenceMs, countUnits: () => count, onSilence });
  try {
    for await (const unit of units) {
      count++;
      yield unit;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw silence.signal.aborted ? silentCamera(url.shown, silenceMs) : explain(error, url);
  } finally {
    stopWatch();
  }
}

function explain(error: unknown, { shown }: CameraUrl): unknown {
  if (error instanceof ProtocolError) {
    const advice = 'Check that the URL is that of an MJPEG stream, and restart the camera.';
    return streamError('STREAM_CONNECTION_FAILED', `${shown} ${error.message}`, advice);
  }
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ECONNRESET') return error;
  const what = `${shown} closed the connection`;
  return streamError('STREAM_CONNECTION_FAILED', what, 'Check that the camera is running.', error);
}
