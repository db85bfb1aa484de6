import { type Size, toStored } from '../domain/result/detection.js';
import type { LaneJob } from '../domain/ports/lanes.js';
import type { FrameRow, SkippedFrame } from '../domain/result/result.js';
import { timestampMs } from '../domain/video/timestamp.js';
import { createStillScene } from './still-scene.js';
import type { ModelInputFrame } from './frame-reader.js';
import type { Inference, Inferred } from './infer.js';

export interface RangeRowsOptions {
  /** Size of the frames in pixels, scaled for the model. */
  readonly content: Size;
  /** Maximum number of frames of one inference. */
  readonly batchSize: number;
}

/** Rows of a range, in the order of its frames. */
export interface RangeRows {
  readonly rows: readonly FrameRow[];
  /** Frames on which the model failed. */
  readonly failed: readonly SkippedFrame[];
  /** Whether inferring the frames one by one would give the same rows. */
  readonly matchesSingleFrameInference: boolean;
  /** Adds the next frame; the caller may reuse its bytes. */
  add(frame: ModelInputFrame): Promise<void>;
  /** Infers the frames of the last, incomplete batch. */
  finish(): Promise<void>;
}

/** A row without its objects. */
type RowStart = Pick<FrameRow, 'frame' | 'timestamp_ms'>;

/** Infers the frames of a range; a still frame gets the objects of the last inferred one. */
export function createRangeRows(
  job: LaneJob,
  inference: Inference,
  { content, batchSize }: RangeRowsOptions,
): RangeRows {
  const { still } = job.parameters;
  const scene = typeof still === 'number' ? createStillScene(content, still) : undefined;
  const rows: FrameRow[] = [];
  const failed: SkippedFrame[] = [];
  /** Frames of the current batch and the still frames between them, in order. */
  let waiting: { readonly start: RowStart; readonly isStill: boolean }[] = [];
  let batch: ModelInputFrame[] = [];
  let last: FrameRow | undefined;
  let matchesSingleFrameInference = true;

  function addInferred(start: RowStart, inferred: Inferred): void {
    if ('reason' in inferred) {
      failed.push({ frame: start.frame, reason: inferred.reason });
      // Later frames of the batch may have been compared with the failed one.
      if (scene && waiting.length > 1) matchesSingleFrameInference = false;
      scene?.forget();
      return;
    }
    const { labels } = job.model.manifest;
    const objects = inferred.detections.map((box) => toStored(box, job.video.size, labels));
    last = { ...start, objects };
    rows.push(last);
  }

  async function finish(): Promise<void> {
    const inferred = (await inference.infer(batch)).values();
    for (const { start, isStill } of waiting) {
      if (!isStill) addInferred(start, inferred.next().value!);
      else if (last) rows.push({ ...start, same_as: last.frame, objects: last.objects });
    }
    waiting = [];
    batch = [];
  }

  return {
    rows,
    failed,
    get matchesSingleFrameInference() {
      return matchesSingleFrameInference;
    },
    finish,
    add: async (each) => {
      const { frame } = each.frame;
      const start = { frame, timestamp_ms: timestampMs(each.frame.pts, job.video) };
      const isStill = scene?.isStill(each.bytes, each.layout) ?? false;
      const reason = isStill ? undefined : inference.knownFailure(frame);
      if (reason !== undefined) {
        failed.push({ frame, reason });
        scene?.forget();
        return;
      }
      waiting.push({ start, isStill });
      if (!isStill) batch.push(batchSize === 1 ? each : copyOf(each));
      if (batch.length === 0 || batch.length === batchSize) await finish();
    },
  };
}

/** Copies a frame: the reader overwrites its bytes with the next frame. */
function copyOf(frame: ModelInputFrame): ModelInputFrame {
  return { ...frame, bytes: new Uint8Array(frame.bytes) };
}
