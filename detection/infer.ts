import type { Detection } from '../domain/result/detection.js';
import { messageOf } from '../domain/errors.js';
import type { LaneJob } from '../domain/ports/lanes.js';
import { createRecovery, endsLane, SKIP_REASONS } from '../domain/recovery/recovery.js';
import { classIdsOf } from '../models/class-ids.js';
import type { Detector } from '../models/detector.js';
import type { ModelInputFrame } from './frame-reader.js';
import { openMarker } from './in-flight-marker.js';

/** Detections of a frame, or the reason why it has none. */
export type Inferred = { readonly detections: readonly Detection[] } | { readonly reason: string };

export interface Inference {
  /** Returns why a frame must not be inferred; undefined if it may be. */
  knownFailure(frame: number): string | undefined;
  /** Infers frames; returns one outcome per frame, in order. */
  infer(frames: readonly ModelInputFrame[]): Promise<readonly Inferred[]>;
  close(): void;
}

/**
 * Runs the model on frames of a job, in one batch if several are given, and recovers from failures by
 * the table of `domain/recovery/recovery.ts`. The frames in flight are recorded in the folder of the
 * attempt.
 */
export function createInference(detector: Detector, job: LaneJob): Inference {
  const { conf, iou, max_det: maxDetections, classes } = job.parameters;
  const { size } = job.video;
  const classIds = classes && classIdsOf(job.model.manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const failures = new Map((job.failed ?? []).map(({ frame, reason }) => [frame, reason]));
  const marker = openMarker(job.source.folder);
  const detectOne = async (frame: ModelInputFrame) =>
    (await detector.detect([frame], size, options))[0]!;
  const withInFlightMarker = async <T>(
    frames: readonly ModelInputFrame[],
    work: () => Promise<T>,
  ) => {
    marker.begin(frames.map(({ frame }) => frame.frame));
    try {
      const result = await work();
      marker.end();
      return result;
    } catch (error) {
      // A lane that ends leaves the record of what it was doing.
      if (!endsLane(error)) marker.end();
      throw error;
    }
  };
  const inferEach = async (frames: readonly ModelInputFrame[]) => {
    const inferred: Inferred[] = [];
    for (const each of frames)
      inferred.push(await withInFlightMarker([each], () => inferWithRetry(() => detectOne(each))));
    return inferred;
  };
  return {
    knownFailure: (frame) => failures.get(frame),
    infer: async (frames) => {
      if (frames.length <= 1) return inferEach(frames);
      try {
        const found = await withInFlightMarker(frames, () =>
          detector.detect(frames, size, options),
        );
        return found.map((detections) => ({ detections }));
      } catch (error) {
        if (endsLane(error)) throw error;
        // `batchThrows` in the table: whichever frame failed, each gets its own outcome.
        return inferEach(frames);
      }
    },
    close: () => marker.close(),
  };
}

async function inferWithRetry(detect: () => Promise<readonly Detection[]>): Promise<Inferred> {
  const recovery = createRecovery();
  for (;;) {
    try {
      return { detections: await detect() };
    } catch (error) {
      if (endsLane(error)) throw error;
      if (recovery.next('frameThrows') === 'infer-again') continue;
      return { reason: SKIP_REASONS.throws(messageOf(error)) };
    }
  }
}
