import { messageOf } from '../../domain/errors.js';
import type { ContentSize } from '../../domain/model/content-size.js';
import type { Device } from '../../domain/job/task-queues.js';
import type { Size } from '../../domain/result/detection.js';
import type { OutputTensor, TensorShape } from '../decode/families/index.js';
import type { InputTensor } from './input-tensor.js';
import { endsLane } from '../../domain/recovery/recovery.js';
import { letterboxOf, type Letterbox } from '../preprocess/letterbox.js';
import type { InferenceSpec } from './inference-spec.js';
import { type BatchOptions, type ModelSession, openSession } from './session.js';
import {
  type Batches,
  createBatches,
  type OnSmallerBatch,
  openWithinMemory,
} from './shrinking-batch.js';
import { createMutex } from './mutex.js';

/** A model on this host, as far as inference needs it. */
export interface ModelSource {
  readonly manifest: InferenceSpec;
  readonly path: string;
}

export interface ModelOptions extends BatchOptions {
  readonly manifest: InferenceSpec;
  /** Members of an ensemble, in the order of its manifest. */
  readonly members?: readonly ModelSource[];
  /** Called when the batch size becomes smaller than requested. */
  readonly onSmallerBatch?: OnSmallerBatch;
  /** Called with the duration of each inference in seconds. */
  readonly onInference?: (seconds: number) => void;
}

/** 8-bit values of a frame that has been resized to the content's size. */
export interface FramePixels {
  /** Three planes in the order G, B, R (ffmpeg's `gbrp`), or interleaved R, G, B. */
  readonly layout: 'planes' | 'pixels';
  readonly bytes: Uint8Array;
}

/** Reads the outputs of one frame before the next inference overwrites them. */
type Read<T> = (outputs: readonly OutputTensor[], letterbox: Letterbox) => T;

type Check = (outputs: readonly OutputTensor[]) => void;

interface Inference<T> {
  readonly frames: readonly FramePixels[];
  /** Number of slots that run; those after the frames are filled with the last of them. */
  readonly count: number;
  readonly letterbox: Letterbox;
  readonly read: Read<T>;
}

/**
 * Whether a batch always has its full size. CUDA searches the fastest convolutions again at each
 * change of the batch size, which takes far longer than the inference.
 */
const PADS_BATCHES: Readonly<Record<Device, boolean>> = { cpu: false, gpu: true };

/**
 * A loaded model that takes frames and returns tensors. Calls run one after another; the bytes of a
 * call may be reused once it has resolved.
 */
export interface RunningModel {
  /** Number of frames per call of `run` that fill a batch. */
  readonly batchSize: number;
  /** Size in pixels to which a frame must be resized before it is passed to {@link run}. */
  readonly contentSize: (frameSize: Size) => ContentSize;
  /**
   * Runs inference on any number of frames, in batches, and reads the outputs of each, in order.
   * All frames have the content's size; `frameSize` is their size before they were resized. Rejects
   * if one of them fails.
   */
  readonly run: <T>(
    frames: readonly FramePixels[],
    frameSize: Size,
    read: Read<T>,
  ) => Promise<readonly T[]>;
  readonly close: () => Promise<void>;
}

/**
 * Loads a model, checks it against its manifest and warms it up with a blank input in the requested
 * batch size; `check` receives the outputs.
 * @throws AppError as {@link openSession} does, or the error of `check`.
 */
export async function openModel(
  { onSmallerBatch = () => undefined, ...options }: ModelOptions,
  shapes: readonly TensorShape[],
  check: Check,
): Promise<RunningModel> {
  return openWithinMemory(options.batch ?? 1, onSmallerBatch, (batch) =>
    openBatch({ ...options, batch, onSmallerBatch }, shapes, check),
  );
}

async function openBatch(
  {
    manifest,
    onSmallerBatch,
    onInference,
    ...options
  }: ModelOptions & { readonly onSmallerBatch: OnSmallerBatch },
  shapes: readonly TensorShape[],
  check: Check,
): Promise<RunningModel> {
  const session = await openSession(manifest, shapes, options);
  const { slots, notBatchable } = session;
  const isPadded = PADS_BATCHES[options.device];
  const batches = createBatches({ max: slots.length, isPadded, onSmaller: onSmallerBatch });
  if (notBatchable !== undefined) onSmallerBatch(slots.length, notBatchable);
  try {
    await warmUp(session, { batches, isPadded }, check);
  } catch (error) {
    await session.close();
    throw error;
  }
  return createRunningModel(manifest, session, batches, onInference);
}

/**
 * Tries the batch first; if that fails, falls back to single frames.
 * @throws the error of the batch if the GPU is the reason.
 */
async function warmUp(
  session: ModelSession,
  { batches, isPadded }: { readonly batches: Batches; readonly isPadded: boolean },
  check: Check,
): Promise<void> {
  const { slots } = session;
  const work = async (batch: readonly InputTensor[], count: number) => {
    const outputs = await session.run(count);
    return batch.map((_, i) => check(outputs[i]!));
  };
  if (slots.length > 1) {
    // On a GPU, a smaller batch in the same session would only find the memory that is left.
    const full = isPadded ? work(slots, slots.length) : batches.run(slots, work);
    await full.catch((error: unknown) => {
      if (endsLane(error)) throw error;
      if (batches.size() > 1) batches.limit(1, messageOf(error));
    });
  }
  await batches.run(slots.slice(0, 1), work);
}

/** Wraps a warmed-up session. */
export function createRunningModel(
  { input }: InferenceSpec,
  session: ModelSession,
  batches: Batches,
  onInference?: (seconds: number) => void,
): RunningModel {
  const { slots } = session;
  const inTurn = createMutex();
  const runOn = async <T>({ frames, count, letterbox, read }: Inference<T>) => {
    for (let i = 0; i < count; i++) fillSlot(slots[i]!, frames[i] ?? frames.at(-1)!, letterbox);
    const start = performance.now();
    const outputs = await session.run(count);
    onInference?.((performance.now() - start) / 1000);
    return frames.map((_, i) => read(outputs[i]!, letterbox));
  };
  return {
    batchSize: batches.size(),
    contentSize: (frameSize) => letterboxOf(frameSize, input).content,
    run: (frames, frameSize, read) =>
      inTurn(() => {
        const letterbox = letterboxOf(frameSize, input);
        return batches.run(frames, (batch, count) =>
          runOn({ frames: batch, count, letterbox, read }),
        );
      }),
    close: () => inTurn(() => session.close()),
  };
}

function fillSlot(slot: InputTensor, { layout, bytes }: FramePixels, letterbox: Letterbox): void {
  if (layout === 'planes') slot.fillFromPlanes(bytes, letterbox);
  else slot.fillFromPixels(bytes, letterbox);
}
