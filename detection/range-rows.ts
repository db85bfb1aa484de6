import { type Size, toStored } from '../domain/result/detection.js';
import type { LaneJob } from '../domain/ports/lanes.js';
import type { FrameRow, SkippedFrame } from '../domain/result/result.js';
import { timestampMs } from '../domain/video/timestamp.js';
import { createStillScene } from './still-scene.js';
import type { ModelInputFrame } from './frame-reader.js';
import type { Inference, Inferred } from './infer.js';

export interface RangeRowsOptions {
  /** Size of the frames that come, in pixels. */
  readonly content: Size;
  /** Frames that are inferred at once. */
  readonly batchSize: number;
}

/** The rows of a range, in the order of its frames. */
export interface RangeRows {
  readonly rows: readonly FrameRow[];
  /** Frames that the network failed on. */
  readonly failed: readonly SkippedFrame[];
  /** Whether the rows are those that frames inferred one by one would have. */
  readonly matchesSingleFrameInference: boolean;
  /** Takes the next frame; its bytes may be reused. */
  add(frame: ModelInputFrame): Promise<void>;
  /** Infers the frames that still wait for others. */
  finish(): Promise<void>;
}

/** A row without what was found. */
type RowStart = Pick<FrameRow, 'frame' | 'timestamp_ms'>;

/** Infers frames; one that shows what the last inferred one shows gets its objects. */
export function createRangeRows(
  job: LaneJob,
  inference: Inference,
  { content, batchSize }: RangeRowsOptions,
): RangeRows {
  const { still } = job.parameters;
  const scene = still === undefined ? undefined : createStillScene(content, still);
  const rows: FrameRow[] = [];
  const failed: SkippedFrame[] = [];
  /** Frames whose inference is not done, and still ones among them, in order. */
  let waiting: { readonly start: RowStart; readonly isStill: boolean }[] = [];
  let batch: ModelInputFrame[] = [];
  let last: FrameRow | undefined;
  let areCertain = true;

  function addInferred(start: RowStart, inferred: Inferred): void {
    if ('reason' in inferred) {
      failed.push({ frame: start.frame, reason: inferred.reason });
      // What came behind it may have been compared with it.
      if (scene && waiting.length > 1) areCertain = false;
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
      return areCertain;
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

/** The reader overwrites the bytes of a frame with the next. */
function copyOf(frame: ModelInputFrame): ModelInputFrame {
  return { ...frame, bytes: new Uint8Array(frame.bytes) };
}
