import type { ServerResponse } from 'node:http';
import type { ApiServer } from '../http/api-server.js';
import { keyOf } from './request-key.js';
import { watchResponses } from './watch-responses.js';

/**
 * Cuts off responses, such as streams of events, whose key was revoked after they started.
 * @param isValid looks up a key; responses stay open if it rejects, because a store is unavailable.
 * @param everyMs interval between look-ups of a key, in milliseconds.
 */
export function endRevoked(
  server: ApiServer,
  isValid: (key: string) => Promise<boolean>,
  everyMs: number,
): void {
  const check = async (open: ReadonlyMap<ServerResponse, string>) => {
    for (const key of new Set(open.values())) {
      if (await isValid(key)) continue;
      for (const [response, used] of open) if (used === key) response.destroy();
    }
  };
  watchResponses(server, {
    everyMs,
    start: (request) => (request.caller ? keyOf(request) : undefined),
    check: (open) => void check(open).catch(() => undefined),
  });
}
