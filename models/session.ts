import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError, messageOf } from '../domain/errors.js';
import { describeShape, type Decoder, fitsShape } from './decode-output.js';
import type { OutputTensor, TensorShape } from './families/index.js';
import type { InputTensor } from './input-tensor.js';
import type { Network } from './network.js';
import { createReceiver, isReadable } from './receive-output.js';

export type Device = 'cpu' | 'gpu';

export interface SessionOptions {
  readonly modelPath: string;
  /** Threads that work on one frame. */
  readonly threads: number;
  readonly device: Device;
}

/** A loaded network that is tied to its input array. */
export interface NetworkSession {
  /** Runs the network on what the input array holds now; the outputs are overwritten by each run. */
  run(): Promise<readonly OutputTensor[]>;
  close(): Promise<void>;
}

/** ONNX Runtime's name of a device. */
const PROVIDER = { cpu: 'cpu', gpu: 'cuda' } as const;

type Metadata = InferenceSession.ValueMetadata;

/** The part of a network that tells what it is given. */
export type Fed = Pick<Network, 'name' | 'files'> & {
  readonly input: Pick<
    Network['input'],
    'tensor' | 'dtype' | 'size_tensor' | 'layout' | 'width' | 'height'
  >;
};

/**
 * Loads a network and allocates its input, and the outputs whose size is known, once.
 * @throws AppError `MODEL_INVALID` when the file is not the network that the manifest describes,
 * `MODEL_UNAVAILABLE` when it is missing, `SETUP_FAILED` when the device does not start; there is no fallback to another one.
 */
export async function openSession(
  network: Network,
  input: InputTensor,
  shapes: Decoder['tensors'],
  options: SessionOptions,
): Promise<NetworkSession> {
  const session = await loadSession(network, options);
  try {
    const feeds = feedsOf(network, input, session.inputMetadata);
    const outputs = shapes.map((shape) => findOutput(network, shape, session.outputMetadata));
    return createRunner(network, session, feeds, outputs);
  } catch (error) {
    await session.release();
    throw error;
  }
}

function createRunner(
  network: Network,
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  outputs: readonly Metadata[],
): NetworkSession {
  const receivers = outputs.map(createReceiver);
  const fetches = Object.fromEntries(receivers.map(({ name, fetch }) => [name, fetch]));
  return {
    run: async () => {
      const results = await session.run(feeds, fetches).catch((cause: unknown) => {
        throw runError(network, cause);
      });
      return receivers.map(({ name, receive }) => receive(results[name]));
    },
    close: () => session.release(),
  };
}

/** Loads a file, whatever its inputs and outputs are; throws as {@link openSession} does. */
export async function loadSession(
  network: Pick<Network, 'name' | 'files'>,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { modelPath, threads, device } = options;
  const { files } = network;
  try {
    return await InferenceSession.create(modelPath, {
      executionProviders: [PROVIDER[device]],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      ...(files && { externalData: await readDataFiles(modelPath, files) }),
    });
  } catch (cause) {
    throw loadError(network, options, cause);
  }
}

/**
 * ONNX Runtime would map data files into memory, and what is done to one later would change what a
 * loaded network finds; of bytes that it is given, it keeps a copy.
 */
function readDataFiles(modelPath: string, files: NonNullable<Network['files']>) {
  const folder = dirname(modelPath);
  return Promise.all(
    files.map(async ({ name }) => ({ path: name, data: await readFile(join(folder, name)) })),
  );
}

function loadError(
  { name: model, files = [] }: Pick<Network, 'name' | 'files'>,
  { modelPath, device }: SessionOptions,
  cause: unknown,
): AppError {
  const facts = { model, device };
  const reason = messageOf(cause);
  const folder = dirname(modelPath);
  const paths = [modelPath, ...files.map(({ name: file }) => join(folder, file))];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    return new AppError(
      'MODEL_UNAVAILABLE',
      `The file of model ${model} is missing at ${missing}; bring it in again`,
      facts,
      { cause },
    );
  }
  if (device === 'gpu') {
    return new AppError(
      'SETUP_FAILED',
      `Model ${model} could not be started on the GPU; check the NVIDIA driver, CUDA, cuDNN and ONNX Runtime's CUDA library, or use the CPU: ${reason}`,
      facts,
      { cause },
    );
  }
  return new AppError(
    'MODEL_INVALID',
    `Model ${model} could not be loaded from ${modelPath}: ${reason}`,
    facts,
    { cause },
  );
}

/** The error of a run; halves are what the runtime of some versions of Node does not take. */
export function runError({ name, input }: Fed, cause: unknown): AppError {
  const hint =
    input.dtype === 'float16'
      ? `. Its input is float16, which ONNX Runtime may not take on this Node (${process.version}): use Node 20 or 22, or export it with a float32 input`
      : '';
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} could not be run: ${messageOf(cause)}${hint}`,
    { model: name },
    { cause },
  );
}

/** The tensors that the network is given: the frame, and the input's size where it asks for it. */
export function feedsOf(
  network: Fed,
  { data, dims }: Pick<InputTensor, 'data' | 'dims'>,
  found: readonly Metadata[],
): Readonly<Record<string, Tensor>> {
  const { tensor, dtype, size_tensor, width, height } = network.input;
  const frame = expectInput(network, tensor, dtype, dims, found, size_tensor ? 2 : 1);
  const feeds = { [frame]: createTensor(network, data, dims) };
  if (!size_tensor) return feeds;
  const size = expectInput(network, size_tensor.tensor, size_tensor.dtype, [1, 2], found, 2);
  const values =
    size_tensor.dtype === 'int64'
      ? BigInt64Array.of(BigInt(width), BigInt(height))
      : Float32Array.of(width, height);
  return { ...feeds, [size]: new Tensor(size_tensor.dtype, values, [1, 2]) };
}

function createTensor(network: Fed, data: InputTensor['data'], dims: readonly number[]) {
  try {
    return new Tensor(network.input.dtype, data, dims);
  } catch (cause) {
    throw runError(network, cause);
  }
}

/** The name of an input, which must be of the type and shape that the manifest tells. */
function expectInput(
  { name: model }: Fed,
  name: string | undefined,
  dtype: string,
  dims: readonly number[],
  found: readonly Metadata[],
  count: number,
): string {
  const tensor = find(found, name);
  const fits =
    found.length === count && tensor?.type === dtype && fitsShape({ dims }, tensor.shape);
  if (fits) return tensor.name;
  throw mismatch(model, `input ${dtype} ${describeShape({ name, dims })}`, found);
}

function findOutput({ name, labels }: Network, shape: TensorShape, found: readonly Metadata[]) {
  const tensor = find(found, shape.name);
  if (tensor && isReadable(tensor.type) && fitsShape(shape, tensor.shape)) return tensor;
  throw mismatch(name, `output ${describeShape(shape)} for ${labels.length} labels`, found);
}

function find(found: readonly Metadata[], name: string | undefined) {
  const tensors = found.filter((value) => value.isTensor);
  if (name !== undefined) return tensors.find((value) => value.name === name);
  return tensors.length === 1 ? tensors[0] : undefined;
}

function mismatch(model: string, expected: string, found: readonly Metadata[]): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${model}: its manifest describes an ${expected}, the file has ${describe(found)}; correct the manifest or take another file`,
    { model },
  );
}

function describe(found: readonly Metadata[]): string {
  const each = found.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : value.name,
  );
  return each.join(' and ') || 'none';
}
