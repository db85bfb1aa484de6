import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { AppError, messageOf } from '../../domain/errors.js';
import type { Device } from '../../domain/job/task-queues.js';
import { rewriteForCpu } from '../onnx/rewrite/index.js';
import { gpuFailure } from './gpu-failure.js';
import type { InferenceSpec } from './inference-spec.js';
import { InferenceSession } from './onnx-runtime.js';

export interface SessionOptions {
  readonly modelPath: string;
  /** Number of threads of one inference. */
  readonly threads: number;
  readonly device: Device;
}

/** ONNX Runtime execution provider per device. */
const PROVIDER = { cpu: 'cpu', gpu: 'cuda' } as const;

/**
 * Loads an ONNX file without checking its inputs and outputs.
 * @throws AppError `MODEL_INVALID` if the file cannot be loaded, `MODEL_UNAVAILABLE` if it is missing,
 * `SETUP_FAILED` if CUDA is not installed, `GPU_MEMORY_FULL` or `GPU_FAILED` if the GPU cannot be used.
 */
export async function loadSession(
  model: Pick<InferenceSpec, 'name' | 'files'>,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { modelPath, threads, device } = options;
  const { files } = model;
  try {
    const sessionOptions = {
      executionProviders: [PROVIDER[device]],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    } as const;
    if (files) {
      const externalData = await readDataFiles(modelPath, files);
      return await InferenceSession.create(modelPath, { ...sessionOptions, externalData });
    }
    const rewritten = device === 'cpu' ? rewriteForCpu(await readFile(modelPath)) : undefined;
    return rewritten
      ? await InferenceSession.create(rewritten, sessionOptions)
      : await InferenceSession.create(modelPath, sessionOptions);
  } catch (cause) {
    throw loadError(model, options, cause);
  }
}

/**
 * Reads data files, because ONNX Runtime would map them into memory, and a later change to a file
 * would change the results of a loaded model; it copies bytes that are passed to it.
 */
function readDataFiles(modelPath: string, files: NonNullable<InferenceSpec['files']>) {
  const folder = dirname(modelPath);
  return Promise.all(
    files.map(async ({ name }) => ({ path: name, data: await readFile(join(folder, name)) })),
  );
}

function loadError(
  { name: model, files = [] }: Pick<InferenceSpec, 'name' | 'files'>,
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
      `The file of model ${model} is missing: ${missing}; add the model again`,
      facts,
      { cause },
    );
  }
  const failure = gpuFailure({ model, device, action: 'loaded' }, cause);
  if (failure) return failure;
  if (device === 'gpu') {
    return new AppError(
      'SETUP_FAILED',
      `Model ${model} could not be loaded on the GPU; check the NVIDIA driver, CUDA, cuDNN and ONNX Runtime's CUDA library (a missing library is named in the log), or use the CPU: ${reason}`,
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
