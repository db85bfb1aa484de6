import type { ServerResponse } from 'node:http';
import type { ApiServer } from '../http/api-server.js';
import { keyOf } from './request-key.js';

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
  const open = new Map<ServerResponse, string>();
  const timer = setInterval(() => void check().catch(() => undefined), everyMs).unref();
  async function check(): Promise<void> {
    for (const key of new Set(open.values())) {
      if (await isValid(key)) continue;
      for (const [response, used] of open) if (used === key) response.destroy();
    }
  }
  server.addHook('onRequest', (request, { raw }, done) => {
    const key = request.caller && keyOf(request);
    if (key) {
      open.set(raw, key);
      raw.once('close', () => open.delete(raw));
    }
    done();
  });
  server.addHook('onClose', (_server, done) => {
    clearInterval(timer);
    done();
  });
}
