import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';

const RETRY_MS = 500;

/** Codes of gRPC that a server gives while it starts, stops or cannot be reached. */
const PASSING = new Set([
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  10, // ABORTED
  14, // UNAVAILABLE
]);

/** Whether an error says that Temporal is away for now, and nothing about what was asked. */
export function isUnavailable(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return isGrpcDeadlineError(error) || (code !== undefined && PASSING.has(code));
}

/** Code of gRPC behind an error of Temporal's client. */
export function grpcCodeOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause ? grpcCodeOf(error.cause) : undefined;
}

/**
 * Asks again for as long as the server is away, until the signal aborts.
 * @param deadline milliseconds since the epoch after which it fails; default: without end.
 */
export async function whileUnavailable<T>(
  ask: () => Promise<T>,
  signal: AbortSignal | undefined,
  deadline = Infinity,
): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!isUnavailable(error) || Date.now() >= deadline) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
