import { BUCKETS } from '../domain/names.js';
import type { ImageLanes, Lanes } from '../domain/ports/lanes.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { VideoRenderer } from '../domain/ports/video-renderer.js';
import type { VideoTools } from '../domain/ports/video-tools.js';
import type { Tracing } from '../runtime/tracing/tracing.js';

/** Pattern of the key of a stored frame: a job has one for each frame, too many for spans. */
const FRAME = /\.jpg$/;

/** Adds a span for each object that is written, except single frames. */
export function traceWrites(objects: ObjectStore, tracing: Tracing | undefined): ObjectStore {
  if (!tracing) return objects;
  const write = <T>(bucket: string, key: string, work: () => Promise<T>): Promise<T> => {
    if (bucket === BUCKETS.frames && FRAME.test(key)) return work();
    return tracing.inSpan({ name: 'put', attributes: { bucket, key } }, work);
  };
  return {
    ...objects,
    put: (bucket, key, ...rest) => write(bucket, key, () => objects.put(bucket, key, ...rest)),
    putIf: (bucket, key, ...rest) => write(bucket, key, () => objects.putIf(bucket, key, ...rest)),
    putStream: (bucket, key, ...rest) =>
      write(bucket, key, () => objects.putStream(bucket, key, ...rest)),
    putFile: (bucket, key, ...rest) =>
      write(bucket, key, () => objects.putFile(bucket, key, ...rest)),
  };
}

/** Adds a span for each probe and each run of ffmpeg. */
export function traceTools(tools: VideoTools, tracing: Tracing | undefined): VideoTools {
  if (!tracing) return tools;
  const run = <T>(name: string, frames: number, work: () => Promise<T>): Promise<T> =>
    tracing.inSpan({ name: `ffmpeg ${name}`, attributes: { frames } }, work);
  return {
    probe: (request) => tracing.inSpan({ name: 'probe' }, () => tools.probe(request)),
    decode: (request) => run('decode', request.frames.length, () => tools.decode(request)),
    decodeJpegs: (request) => run('decode JPEG', request.count, () => tools.decodeJpegs(request)),
    encode: (request) => run('encode JPEG', request.count, () => tools.encode(request)),
  };
}

/** Adds a span for each video that is rendered. */
export function traceRenderer(
  renderer: VideoRenderer,
  tracing: Tracing | undefined,
): VideoRenderer {
  if (!tracing) return renderer;
  return {
    render: (request) => tracing.inSpan({ name: 'ffmpeg render' }, () => renderer.render(request)),
    renderSprite: (request) =>
      tracing.inSpan({ name: 'ffmpeg sprite' }, () => renderer.renderSprite(request)),
  };
}

/** Adds a span for each job of a lane, with the time that it waits for one. */
export function traceLanes(
  lanes: Lanes & ImageLanes,
  tracing: Tracing | undefined,
): Lanes & ImageLanes {
  if (!tracing) return lanes;
  const run = <T>(model: string, frames: number, work: () => Promise<T>): Promise<T> =>
    tracing.inSpan({ name: 'lane', attributes: { model, frames } }, work);
  return {
    detect: (job, options) =>
      run(job.model.manifest.name, job.source.frames.length, () => lanes.detect(job, options)),
    predict: (job, options) =>
      run(job.model.manifest.name, job.images.length, () => lanes.predict(job, options)),
  };
}
