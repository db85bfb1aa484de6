import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../../domain/errors.js';
import type { Device } from '../../domain/job/task-queues.js';
import { gpuFailure } from './gpu-failure.js';
import { reasonNotBatchable } from './reason-not-batchable.js';
import { describeShape, type Decoder, fitsShape } from '../decode/decode-output.js';
import type { OutputTensor, TensorShape } from '../decode/families/index.js';
import { feedsOf, findTensor, type Metadata, mismatch, runError } from './feeds.js';
import { createInputBatch, type InputBatch } from './input-batch.js';
import type { InputTensor } from './input-tensor.js';
import { loadSession, type SessionOptions } from './load-session.js';
import type { InferenceSpec } from './inference-spec.js';
import { createReceiver, isReadable } from './receive-output.js';

export interface BatchOptions extends SessionOptions {
  /** Maximum number of frames per inference; default: 1. */
  readonly batch?: number;
}

/** A loaded model with its input and output arrays. */
export interface ModelSession {
  /** Input slots, one per frame of a batch. */
  readonly slots: readonly InputTensor[];
  /** Why there is a single slot although a larger batch was requested. */
  readonly notBatchable: string | undefined;
  /**
   * Runs inference on the first `count` slots and returns the outputs of each frame, which the next
   * run overwrites.
   * @throws AppError `GPU_MEMORY_FULL` or `GPU_FAILED` because of the GPU, else `MODEL_INVALID`.
   */
  run(count: number): Promise<readonly (readonly OutputTensor[])[]>;
  close(): Promise<void>;
}

/**
 * Loads a model and allocates its input and its outputs of fixed size.
 * @throws AppError `MODEL_INVALID` if the file does not match the manifest, `MODEL_UNAVAILABLE` if it
 * is missing, `SETUP_FAILED`, `GPU_MEMORY_FULL` or `GPU_FAILED` if the device cannot be used (there is no
 * fallback to another device).
 */
export async function openSession(
  model: InferenceSpec,
  shapes: Decoder['tensors'],
  { batch = 1, ...options }: BatchOptions,
): Promise<ModelSession> {
  const session = await loadSession(model, options);
  try {
    const outputs = shapes.map((shape) => findOutput(model, shape, session.outputMetadata));
    const notBatchable =
      batch === 1 ? undefined : reasonNotBatchable(model, session.inputMetadata, shapes, outputs);
    const input = createInputBatch(model, notBatchable === undefined ? batch : 1);
    const run = createRunner(model, options.device, { session, input, outputs });
    return { slots: input.slots, notBatchable, run, close: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

interface RunnerParts {
  readonly session: InferenceSession;
  readonly input: InputBatch;
  readonly outputs: readonly Metadata[];
}

function createRunner(
  model: InferenceSpec,
  device: Device,
  { session, input: { first }, outputs }: RunnerParts,
): ModelSession['run'] {
  const feedsFor = (count: number) => feedsOf(model, first(count), session.inputMetadata);
  const feeds = [feedsFor(1)];
  const receivers = outputs.map(createReceiver);
  const fetches = Object.fromEntries(receivers.map(({ name, fetch }) => [name, fetch]));
  return async (count) => {
    const feed = (feeds[count - 1] ??= feedsFor(count));
    const results = await session.run(feed, fetches).catch((cause: unknown) => {
      const failure = gpuFailure(
        { model: model.name, device, action: 'run', frames: count },
        cause,
      );
      throw failure ?? runError(model, cause);
    });
    const received = receivers.map(({ name, receive }) => receive(results[name]));
    return count === 1 ? [received] : splitOutputs(model, received, count);
  };
}

/** Splits the outputs of a batch into the outputs of each frame, as if it had been run alone. */
function splitOutputs(
  { name }: InferenceSpec,
  outputs: readonly OutputTensor[],
  count: number,
): (readonly OutputTensor[])[] {
  const wrong = outputs.find(({ dims }) => dims[0] !== count);
  if (wrong) {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${name} returned an output of shape [${wrong.dims.join(', ')}] for ${count} frames: export it with a dynamic batch or with a batch of 1`,
      { model: name },
    );
  }
  return Array.from({ length: count }, (_, frame) =>
    outputs.map(({ dims, values }) => {
      const step = values.length / count;
      const frameValues = values.subarray(frame * step, (frame + 1) * step);
      return { dims: [1, ...dims.slice(1)], values: frameValues };
    }),
  );
}

function findOutput(
  { name, labels }: InferenceSpec,
  shape: TensorShape,
  found: readonly Metadata[],
) {
  const tensor = findTensor(found, shape.name);
  if (tensor && isReadable(tensor.type) && fitsShape(shape, tensor.shape)) return tensor;
  throw mismatch(name, `output ${describeShape(shape)} for ${labels.length} labels`, found);
}
