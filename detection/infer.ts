import type { Detection } from '../domain/result/detection.js';
import { messageOf } from '../domain/errors.js';
import type { LaneJob } from '../domain/ports/lanes.js';
import { classIdsOf } from '../models/class-ids.js';
import type { Detector } from '../models/detector.js';
import type { ModelInputFrame } from './frame-reader.js';
import { openMarker } from './in-flight-marker.js';

/** What the network found in a frame, or why it found nothing. */
export type Inferred = { readonly detections: readonly Detection[] } | { readonly reason: string };

export interface Inference {
  /** Why a frame is not to be given to the network; undefined when it is. */
  knownFailure(frame: number): string | undefined;
  /** What is found in each of some frames, in order. */
  infer(frames: readonly ModelInputFrame[]): Promise<readonly Inferred[]>;
  close(): void;
}

const TRIES = 2;

/**
 * Runs the network on frames of a job, on several at once where several are given. Where it fails
 * on those, they are inferred one by one, and one on which it fails is tried once more. The frames
 * at work are written down in the attempt's folder.
 */
export function createInference(detector: Detector, job: LaneJob): Inference {
  const { conf, iou, max_det: maxDetections, classes } = job.parameters;
  const { size } = job.video;
  const classIds = classes && classIdsOf(job.model.manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const known = new Map((job.failed ?? []).map(({ frame, reason }) => [frame, reason]));
  const marker = openMarker(job.source.folder);
  const detect = ({ layout, bytes }: ModelInputFrame) =>
    layout === 'planes'
      ? detector.detectPlanes(bytes, size, options)
      : detector.detectPixels(bytes, size, options);
  const withInFlightMarker = async <T>(
    frames: readonly ModelInputFrame[],
    work: () => Promise<T>,
  ) => {
    marker.begin(frames.map(({ frame }) => frame.frame));
    try {
      return await work();
    } finally {
      marker.end();
    }
  };
  const inferBatch = (frames: readonly ModelInputFrame[]) =>
    withInFlightMarker(frames, () => detector.detectFrames(frames, size, options)).catch(
      () => undefined,
    );
  return {
    knownFailure: (frame) => known.get(frame),
    infer: async (frames) => {
      const found = frames.length > 1 ? await inferBatch(frames) : undefined;
      if (found) return found.map((detections) => ({ detections }));
      const inferred: Inferred[] = [];
      for (const each of frames)
        inferred.push(await withInFlightMarker([each], () => inferWithRetry(() => detect(each))));
      return inferred;
    },
    close: () => marker.close(),
  };
}

async function inferWithRetry(detect: () => Promise<readonly Detection[]>): Promise<Inferred> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return { detections: await detect() };
    } catch (error) {
      if (left === 0) return { reason: `inference failed, twice: ${messageOf(error)}` };
    }
  }
}
