import {
  type MongoClient,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { DeadlineError, withDeadline } from '../deadline.js';
import { explainCertificate } from '../refused-certificate.js';

const CERTIFICATE_ADVICE =
  'Give the file of its authority in MONGO_URI: tlsCAFile=PATH, encoded as part of a URL.';

const UNAVAILABLE = [
  DeadlineError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
];

/**
 * Runs a query on a collection; `collection` is undefined for commands to the server.
 * @throws AppError `SERVER_UNAVAILABLE` if the server does not answer; other errors unchanged.
 */
export type RunQuery = <T>(collection: string | undefined, query: () => Promise<T>) => Promise<T>;

/** @param timeoutMs total time of one query in milliseconds; default: no limit. */
export function createQueryRunner({ options }: MongoClient, timeoutMs?: number): RunQuery {
  const endpoint = options.srvHost ?? options.hosts.join(',');
  return async (collection, query) => {
    try {
      return await (timeoutMs === undefined ? query() : withDeadline(query(), timeoutMs));
    } catch (error) {
      const explained = explainCertificate(error, 'the document store', CERTIFICATE_ADVICE);
      if (explained !== error || !isUnavailable(error)) throw explained;
      const facts = { endpoint, ...(collection !== undefined && { collection }) };
      throw serverUnavailable('document store', facts, error);
    }
  };
}

function isUnavailable(error: unknown): boolean {
  if (UNAVAILABLE.some((kind) => error instanceof kind)) return true;
  // A bulk write hides the error of its connection in its own.
  return error instanceof MongoServerError && isUnavailable(error.errorResponse);
}
