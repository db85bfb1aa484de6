import { AppError, messageOf } from '../../domain/errors.js';
import type { Device } from '../../domain/job/task-queues.js';
import { isOutOfMemory } from './out-of-memory.js';

/** What a model could not do on the GPU. */
export interface GpuUse {
  readonly model: string;
  readonly device: Device;
  readonly action: 'loaded' | 'run';
  /** Number of frames of the inference. */
  readonly frames?: number;
}

const REMEDY = {
  GPU_MEMORY_FULL:
    'Free memory that other programs hold (nvidia-smi lists them), reduce VIDETTE_LANES or VIDETTE_BATCH, or use the CPU',
  GPU_FAILED: 'Check the GPU and its driver with nvidia-smi, or use the CPU',
} as const;

/**
 * Returns the error of a model for which the GPU has no memory (`GPU_MEMORY_FULL`) or failed
 * (`GPU_FAILED`); undefined if the cause is not the GPU.
 */
export function gpuFailure({ action, ...facts }: GpuUse, cause: unknown) {
  const { model, device } = facts;
  const reason = messageOf(cause);
  if (device !== 'gpu') return undefined;
  const isFull = isOutOfMemory(reason);
  if (!isFull && !FAILURE.test(reason)) return undefined;
  const code = isFull ? 'GPU_MEMORY_FULL' : 'GPU_FAILED';
  const what = isFull ? 'the memory of the GPU is full' : 'the GPU failed';
  return new AppError(
    code,
    `Model ${model} could not be ${action}: ${what} (${shortenGpuFailure(reason)}). ${REMEDY[code]}.`,
    facts,
    { cause },
  );
}

/** Failure of CUDA or one of its libraries, as ONNX Runtime reports it. */
const FAILURE = /\bCU[A-Z_]+ (?:failure -?\d+: |error cuda\w+:)[^;\n]*[^;\s]/;
/** ONNX Runtime's own statement about memory that it could not get. */
const ALLOCATION = /Failed to allocate memory for requested buffer of size \d+/;

/**
 * Shortens an error of ONNX Runtime to the statement of CUDA or its own, which follows C++ signatures and
 * precedes the name of the host; other messages are returned as they are.
 * @example shortenGpuFailure('… CudaCall(…) CUDA failure 100: no device ; GPU=0 ; …')
 * // 'CUDA failure 100: no device'
 */
export function shortenGpuFailure(message: string): string {
  return (FAILURE.exec(message) ?? ALLOCATION.exec(message))?.[0] ?? message;
}
