import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { Config } from '../../config/index.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

/**
 * Counts the requests of each key, and of each address for those that bring none. Where no keys are
 * asked for, only this machine can ask, and nothing is counted.
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
    keyGenerator: ({ caller, ip }) =>
      caller ? `key ${caller.key_id}` : `address ${normalizeIP(ip)}`,
    errorResponseBuilder: (_, { max, after }) =>
      new ProblemError('too-many-requests', `More than ${max} requests a minute; wait ${after}.`),
  });
}
