import { AppError, messageOf } from './errors.js';

/** Servers that Vidette depends on, as messages, logs and readiness name them. */
export type ServerName = 'object store' | 'document store' | 'Temporal' | 'stream worker';

/** What was requested from a server. Never a secret: an endpoint has no credentials. */
export interface ServerFacts {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly collection?: string;
}

/** The error of a server that does not answer; another attempt may succeed. */
export function serverUnavailable(
  server: ServerName,
  facts: ServerFacts,
  cause: unknown,
): AppError {
  const { endpoint, bucket, key, collection } = facts;
  const place = endpoint === undefined ? '' : ` at ${endpoint}`;
  const target = collection ?? [bucket, key].filter((part) => part).join('/');
  const reason = [target, messageOf(cause)].filter((part) => part !== '').join(': ');
  return new AppError(
    'SERVER_UNAVAILABLE',
    `${titleOf(server)}${place} does not answer (${reason}).`,
    { server, ...facts },
    { cause, advice: 'check-servers' },
  );
}

/**
 * Name of the server that an error reports as unavailable, as a sentence starts with it; undefined
 * for any other error.
 * @example unavailableServer(error) // 'The object store'
 */
export function unavailableServer(error: unknown): string | undefined {
  if (!(error instanceof AppError) || error.code !== 'SERVER_UNAVAILABLE') return undefined;
  const { server } = error.facts;
  return typeof server === 'string' ? titleOf(server) : undefined;
}

function titleOf(server: string): string {
  return server === 'Temporal' ? server : `The ${server}`;
}
