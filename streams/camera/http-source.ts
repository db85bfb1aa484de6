import { decodeBody } from '../../adapters/camera/body-frames.js';
import { type HttpCamera, openHttpCamera } from '../../adapters/camera/http-camera.js';
import { probeBody } from '../../adapters/camera/probe-body.js';
import { streamError } from '../../adapters/rtsp/stream-error.js';
import { letterboxOf } from '../../models/preprocess/letterbox.js';
import type { CameraContext, SourceReader } from './context.js';
import { createFrameFeed } from './frame-feed.js';
import type { FrozenCheck } from './frozen.js';
import { readJpegs } from './jpeg-source.js';

/** Reads an `http:` or `https:` camera. */
export function createHttpSource(context: CameraContext, frozen: FrozenCheck): SourceReader {
  const { settings, url, parameters, clock } = context;
  let kind: HttpCamera['kind'] | undefined;
  return {
    async read(signal, onOpen) {
      const options = { ...settings, fps: parameters().fps, now: clock.now };
      const camera = await openHttpCamera(url, options, signal);
      kind = camera.kind;
      onOpen();
      try {
        if (camera.kind === 'units') await readJpegs(context, camera.units, frozen);
        else await readBody(context, camera, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    reconfigure: () => kind === 'units',
  };
}

/** Decodes a container in the body of a response, until the connection ends. */
async function readBody(
  context: CameraContext,
  { format, body }: Extract<HttpCamera, { kind: 'body' }>,
  signal: AbortSignal,
): Promise<never> {
  const { settings, parameters, sink, clock, url } = context;
  const { launcher, prober, maxPixels } = settings;
  const probed = await probeBody({ launcher: prober, maxPixels }, format, body, signal);
  const { fps, input } = parameters();
  const { content } = letterboxOf(probed.size, input);
  const output = { fps, size: content, maxPixels };
  const feed = createFrameFeed(context);
  sink.arrived(Math.round(clock.now()));
  for await (const frame of decodeBody({ launcher, format, output }, probed.body, signal)) {
    const { arrival, planes: pixels } = frame;
    const facts = { damaged: false, cameraTime: null, layout: 'planes' } as const;
    const decoded = { ...facts, arrival, pixels, fps, content, size: probed.size };
    sink.add(decoded);
    await feed(decoded);
  }
  const what = `${url.shown} closed the connection`;
  throw streamError('STREAM_CONNECTION_FAILED', what, 'Check that the camera is running.');
}
