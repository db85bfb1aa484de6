import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../../domain/errors.js';
import { reasonNotBatchable } from './batch-hindrance.js';
import { describeShape, type Decoder, fitsShape } from '../decode/decode-output.js';
import type { OutputTensor, TensorShape } from '../decode/families/index.js';
import { feedsOf, findTensor, type Metadata, mismatch, runError } from './feeds.js';
import { createInputBatch, type InputBatch } from './input-batch.js';
import type { InputTensor } from './input-tensor.js';
import { loadSession, type SessionOptions } from './load-session.js';
import type { Network } from './network.js';
import { createReceiver, isReadable } from './receive-output.js';

export interface BatchOptions extends SessionOptions {
  /** Frames of one inference, where the network takes several; 1 where it is left out. */
  readonly batch?: number;
}

/** A loaded network that is tied to its input array. */
export interface NetworkSession {
  /** Where frames are written: one slot for each frame of an inference. */
  readonly slots: readonly InputTensor[];
  /** Why there is one slot where more were asked for. */
  readonly hindrance: string | undefined;
  /**
   * Runs the network on what the first `count` slots hold now; resolves with the outputs of each
   * frame, which are overwritten by the next run.
   */
  run(count: number): Promise<readonly (readonly OutputTensor[])[]>;
  close(): Promise<void>;
}

/**
 * Loads a network and allocates its input, and the outputs whose size is known, once.
 * @throws AppError `MODEL_INVALID` when the file is not the network that the manifest describes,
 * `MODEL_UNAVAILABLE` when it is missing, `SETUP_FAILED` when the device does not start; there is no fallback to another one.
 */
export async function openSession(
  network: Network,
  shapes: Decoder['tensors'],
  { batch = 1, ...options }: BatchOptions,
): Promise<NetworkSession> {
  const session = await loadSession(network, options);
  try {
    const outputs = shapes.map((shape) => findOutput(network, shape, session.outputMetadata));
    const hindrance =
      batch === 1 ? undefined : reasonNotBatchable(network, session.inputMetadata, shapes, outputs);
    const input = createInputBatch(network, hindrance === undefined ? batch : 1);
    const run = createRunner(network, session, input, outputs);
    return { slots: input.slots, hindrance, run, close: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function createRunner(
  network: Network,
  session: InferenceSession,
  { first }: InputBatch,
  outputs: readonly Metadata[],
): NetworkSession['run'] {
  const feedsFor = (count: number) => feedsOf(network, first(count), session.inputMetadata);
  const feeds = [feedsFor(1)];
  const receivers = outputs.map(createReceiver);
  const fetches = Object.fromEntries(receivers.map(({ name, fetch }) => [name, fetch]));
  return async (count) => {
    const given = (feeds[count - 1] ??= feedsFor(count));
    const results = await session.run(given, fetches).catch((cause: unknown) => {
      throw runError(network, cause);
    });
    const received = receivers.map(({ name, receive }) => receive(results[name]));
    return count === 1 ? [received] : outputsOfFrames(network, received, count);
  };
}

/** The outputs of each frame of a batch, as a run on it alone would give them. */
function outputsOfFrames(
  { name }: Network,
  outputs: readonly OutputTensor[],
  count: number,
): (readonly OutputTensor[])[] {
  const other = outputs.find(({ dims }) => dims[0] !== count);
  if (other) {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${name} gave an output of [${other.dims.join(', ')}] for ${count} frames: export it with an open batch, or with a batch of 1`,
      { model: name },
    );
  }
  return Array.from({ length: count }, (_, frame) =>
    outputs.map(({ dims, values }) => {
      const step = values.length / count;
      const own = values.subarray(frame * step, (frame + 1) * step);
      return { dims: [1, ...dims.slice(1)], values: own };
    }),
  );
}

function findOutput({ name, labels }: Network, shape: TensorShape, found: readonly Metadata[]) {
  const tensor = findTensor(found, shape.name);
  if (tensor && isReadable(tensor.type) && fitsShape(shape, tensor.shape)) return tensor;
  throw mismatch(name, `output ${describeShape(shape)} for ${labels.length} labels`, found);
}
