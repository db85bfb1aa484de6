import rateLimit from '@fastify/rate-limit';
import type { Config } from '../../config/index.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { callerOf } from './caller.js';

/**
 * Limits the requests per key, and per IP address without a key. An API without keys listens on
 * loopback only and has no limit.
 */
export async function limitRates(
  server: ApiServer,
  { auth, ratePerMinute }: Config['api'],
): Promise<void> {
  await server.register(rateLimit, {
    timeWindow: '1 minute',
    enableDraftSpec: true,
    allowList: () => auth === 'none',
    max: ({ caller }) => caller?.rate_per_minute ?? ratePerMinute,
    keyGenerator: callerOf,
    errorResponseBuilder: (_, { max, after }) =>
      new ProblemError(
        'too-many-requests',
        `The limit of ${max} requests per minute is exceeded. Wait ${after}.`,
      ),
  });
}
