import { serverUnavailable, unavailableServer } from './server-unavailable.js';

/** gRPC statuses that Temporal returns while it starts, stops or cannot be reached. */
const TRANSIENT = new Set([
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  10, // ABORTED
  14, // UNAVAILABLE
]);

/** gRPC status of an error, or of one of its causes. */
export function grpcStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const isFromGrpc = 'code' in error && 'details' in error && 'metadata' in error;
  if (isFromGrpc && typeof error.code === 'number') return error.code;
  return grpcStatusOf(error.cause);
}

/** Whether an error reports that Temporal cannot answer now, whatever was requested. */
export function isTemporalUnavailable(error: unknown): boolean {
  const status = grpcStatusOf(error);
  const isTransient = status !== undefined && TRANSIENT.has(status);
  return isTransient || unavailableServer(error) === 'Temporal';
}

/** A client of Temporal; the type of its SDK is not imported here. */
interface TemporalClient {
  readonly connection: object;
}

/**
 * Runs calls to Temporal.
 * @throws AppError `SERVER_UNAVAILABLE` if Temporal does not answer; other errors unchanged.
 */
export async function callTemporal<T>(client: TemporalClient, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toTemporalError(error, endpointOf(client));
  }
}

/** The same for calls whose results arrive one by one. */
export async function* iterateTemporal<T>(
  client: TemporalClient,
  results: AsyncIterable<T>,
): AsyncGenerator<T, void> {
  try {
    yield* results;
  } catch (error) {
    throw toTemporalError(error, endpointOf(client));
  }
}

function toTemporalError(error: unknown, endpoint: string | undefined): unknown {
  if (unavailableServer(error) !== undefined || !isTemporalUnavailable(error)) return error;
  return serverUnavailable('Temporal', { ...(endpoint !== undefined && { endpoint }) }, error);
}

/** Host and port of a client's connection, if it reveals them. */
function endpointOf({ connection }: TemporalClient): string | undefined {
  const { options } = connection as { readonly options?: { readonly address?: string } };
  return options?.address;
}
