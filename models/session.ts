import { existsSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError, messageOf } from '../domain/errors.js';
import { outputDimsOf } from './decode-output.js';
import type { InputTensor } from './input-tensor.js';
import type { Network } from './network.js';

export type Device = 'cpu' | 'gpu';

export interface SessionOptions {
  readonly modelPath: string;
  /** Threads that work on one frame. */
  readonly threads: number;
  readonly device: Device;
}

/** A loaded network that is tied to its input array. */
export interface NetworkSession {
  readonly outputDims: readonly number[];
  /** Runs the network on what the input array holds now; the output is overwritten by each run. */
  run(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** ONNX Runtime's name of a device. */
const PROVIDER = { cpu: 'cpu', gpu: 'cuda' } as const;

/**
 * Loads a network and allocates its output, once.
 * @throws AppError `MODEL_INVALID` when the file is not the network that the manifest describes,
 * `MODEL_UNAVAILABLE` when it is missing, `SETUP_FAILED` when the device does not start; there is no fallback to another one.
 */
export async function openSession(
  network: Network,
  input: InputTensor,
  options: SessionOptions,
): Promise<NetworkSession> {
  const session = await load(network, options);
  const outputDims = outputDimsOf(network);
  const [inputName] = session.inputNames;
  const [outputName] = session.outputNames;
  try {
    expectShape(network, 'input', session.inputMetadata, input.dims);
    expectShape(network, 'output', session.outputMetadata, outputDims);
  } catch (error) {
    await session.release();
    throw error;
  }
  const output = new Float32Array(outputDims.reduce((size, dim) => size * dim, 1));
  // expectShape has seen that both names exist.
  const feeds = { [inputName!]: new Tensor('float32', input.data, input.dims) };
  const fetches = { [outputName!]: new Tensor('float32', output, outputDims) };
  return {
    outputDims,
    run: async () => {
      await session.run(feeds, fetches);
      return output;
    },
    close: () => session.release(),
  };
}

async function load(
  { name }: Network,
  { modelPath, threads, device }: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(modelPath, {
      executionProviders: [PROVIDER[device]],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    });
  } catch (cause) {
    throw loadError(name, modelPath, device, cause);
  }
}

function loadError(model: string, modelPath: string, device: Device, cause: unknown): AppError {
  const facts = { model, device };
  const reason = messageOf(cause);
  if (!existsSync(modelPath)) {
    return new AppError(
      'MODEL_UNAVAILABLE',
      `The file of model ${model} is missing at ${modelPath}; bring it in again`,
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

/** A dimension that the file leaves open (a name in place of a number) fits every size. */
function expectShape(
  { name }: Network,
  what: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  dims: readonly number[],
): void {
  const [tensor] = found;
  const fits =
    found.length === 1 &&
    tensor?.isTensor === true &&
    tensor.type === 'float32' &&
    tensor.shape.length === dims.length &&
    tensor.shape.every((dim, i) => typeof dim === 'string' || dim === dims[i]);
  if (fits) return;
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name}: its manifest describes one ${what} float32 [${dims.join(', ')}], the file has ${describe(found)}; correct the manifest or take another file`,
    { model: name },
  );
}

function describe(found: readonly InferenceSession.ValueMetadata[]): string {
  const each = found.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : value.name,
  );
  return each.join(' and ') || 'none';
}
