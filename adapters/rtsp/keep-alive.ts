import type { Message } from './message.js';

/** Part of the session timeout after which the next request is sent. */
const PART = 0.4;
const [SHORTEST_MS, LONGEST_MS] = [1000, 60_000];
const SESSION_NOT_FOUND = 454;

export interface KeepAliveOptions {
  readonly timeoutS: number;
  readonly request: (method: string) => Promise<Message>;
  /** Called if the server no longer has the session. */
  readonly onSessionLost: () => void;
}

/**
 * Keeps a session alive with GET_PARAMETER, or OPTIONS if the server does not support that. A missing
 * response is not an error, because some servers send none. Returns a function that ends it.
 */
export function startKeepAlive({ timeoutS, request, onSessionLost }: KeepAliveOptions): () => void {
  const intervalMs = Math.min(Math.max(timeoutS * 1000 * PART, SHORTEST_MS), LONGEST_MS);
  let method = 'GET_PARAMETER';
  const send = async () => {
    const { status = 0 } = await request(method);
    if (status === SESSION_NOT_FOUND) onSessionLost();
    else if (status >= 400) method = 'OPTIONS';
  };
  const timer = setInterval(() => void send().catch(() => undefined), intervalMs);
  return () => clearInterval(timer);
}
