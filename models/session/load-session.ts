import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { AppError, messageOf } from '../../domain/errors.js';
import type { Network } from './network.js';

export type Device = 'cpu' | 'gpu';

export interface SessionOptions {
  readonly modelPath: string;
  /** Threads that work on one frame. */
  readonly threads: number;
  readonly device: Device;
}

/** ONNX Runtime's name of a device. */
const PROVIDER = { cpu: 'cpu', gpu: 'cuda' } as const;

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
