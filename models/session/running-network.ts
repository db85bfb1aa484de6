import { messageOf } from '../../domain/errors.js';
import type { Size } from '../../domain/result/detection.js';
import type { OutputTensor, TensorShape } from '../decode/families/index.js';
import type { InputTensor } from './input-tensor.js';
import { letterboxOf, type Letterbox } from '../preprocess/letterbox.js';
import type { Network } from './network.js';
import { type BatchOptions, type NetworkSession, openSession } from './session.js';
import { type Batches, createBatches, type OnSmallerBatch } from './shrinking-batch.js';
import { createMutex } from './mutex.js';

export interface NetworkOptions extends BatchOptions {
  readonly manifest: Network;
  /** Told when fewer frames than `batch` are given to one inference. */
  readonly onSmallerBatch?: OnSmallerBatch;
}

/** 8-bit values of a frame that has been resized to the content's size. */
export interface FramePixels {
  /** Three planes in the order G, B, R (ffmpeg's `gbrp`), or interleaved R, G, B. */
  readonly layout: 'planes' | 'pixels';
  readonly bytes: Uint8Array;
}

/** What reads a run's outputs, before the next run overwrites them. */
type Read<T> = (outputs: readonly OutputTensor[], letterbox: Letterbox) => T;

type Check = (outputs: readonly OutputTensor[]) => void;

/**
 * A loaded network that takes frames and gives tensors. Calls wait for each other; a call's bytes
 * may be reused once it has resolved.
 */
export interface RunningNetwork {
  /** Frames that are worth to be given at once. */
  readonly batchSize: number;
  /** Size in pixels to which a frame must be resized before it is passed to {@link run}. */
  readonly contentSize: (frameSize: Size) => Size;
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
 * Loads a network, checks it against its manifest, and runs it once on an empty input, in the batch
 * that it will be given, so that no frame waits; `check` is given what comes out.
 */
export async function openNetwork(
  { manifest, onSmallerBatch = () => undefined, ...options }: NetworkOptions,
  shapes: readonly TensorShape[],
  check: Check,
): Promise<RunningNetwork> {
  const session = await openSession(manifest, shapes, options);
  const { slots, hindrance } = session;
  const batches = createBatches(slots.length, onSmallerBatch);
  if (hindrance !== undefined) onSmallerBatch(slots.length, hindrance);
  try {
    await tryOut(session, batches, check);
  } catch (error) {
    await session.close();
    throw error;
  }
  return runningOn(manifest, session, batches);
}

/** The batch first: what a network does not give of several frames, it may give of one. */
async function tryOut(session: NetworkSession, batches: Batches, check: Check): Promise<void> {
  const { slots } = session;
  const work = async ({ length }: readonly InputTensor[]) => (await session.run(length)).map(check);
  if (slots.length > 1) {
    await batches.run(slots, work).catch((error: unknown) => {
      if (batches.size() > 1) batches.limit(1, messageOf(error));
    });
  }
  await work(slots.slice(0, 1));
}

function runningOn({ input }: Network, session: NetworkSession, batches: Batches): RunningNetwork {
  const { slots } = session;
  const inTurn = createMutex();
  const runOn = async <T>(frames: readonly FramePixels[], letterbox: Letterbox, read: Read<T>) => {
    frames.forEach((each, i) => fillWith(slots[i]!, each, letterbox));
    const outputs = await session.run(frames.length);
    return outputs.map((each) => read(each, letterbox));
  };
  return {
    batchSize: batches.size(),
    contentSize: (frameSize) => letterboxOf(frameSize, input).content,
    run: (frames, frameSize, read) =>
      inTurn(() => {
        const letterbox = letterboxOf(frameSize, input);
        return batches.run(frames, (batch) => runOn(batch, letterbox, read));
      }),
    close: () => inTurn(() => session.close()),
  };
}

function fillWith(slot: InputTensor, { layout, bytes }: FramePixels, letterbox: Letterbox): void {
  if (layout === 'planes') slot.fillFromPlanes(bytes, letterbox);
  else slot.fillFromPixels(bytes, letterbox);
}
