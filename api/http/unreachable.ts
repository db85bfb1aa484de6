import {
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { isUnavailable } from '../../client/index.js';

/** What the system says of a server that is not there, or went away. */
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** How messages call the document store. */
export const DOCUMENTS = 'The document store';

const OF_DOCUMENTS = [
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
];
/** How the client of the object store says that it answered, and only that it cannot answer now. */
const STORE_IS_BUSY = /^Request failed after \d+ retries: Error: Retryable HTTP status: /;

/** The server that does not answer, by name, if an error says that one does not. */
export function unreachableServer(error: unknown): string | undefined {
  if (isUnavailable(error)) return 'Temporal';
  if (OF_DOCUMENTS.some((kind) => error instanceof kind)) return DOCUMENTS;
  // What several documents are written with hides the error of the connection in its own.
  if (error instanceof MongoServerError && error.errorResponse instanceof Error) {
    return unreachableServer(error.errorResponse);
  }
  const isBusy = error instanceof Error && STORE_IS_BUSY.test(error.message);
  return isBusy || hasNetworkCode(error) ? 'The object store' : undefined;
}

function hasNetworkCode(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && CODES.has(error.code)) return true;
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error.cause];
  return causes.some(hasNetworkCode);
}
