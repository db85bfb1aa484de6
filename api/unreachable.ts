import { MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { isUnavailable } from '../client/index.js';

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

/** The server that does not answer, by name, if an error says that one does not. */
export function unreachableServer(error: unknown): string | undefined {
  if (isUnavailable(error)) return 'Temporal';
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError) {
    return 'The document store';
  }
  return hasNetworkCode(error) ? 'The object store' : undefined;
}

function hasNetworkCode(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && CODES.has(error.code)) return true;
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error.cause];
  return causes.some(hasNetworkCode);
}
