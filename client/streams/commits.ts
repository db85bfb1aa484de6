import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Notice of entries that became part of a log. */
export interface Commits {
  /** Resolves after the next commit, or after a second if the worker cannot be reached. */
  next(): Promise<void>;
  close(): void;
}

export interface WatchCommitsOptions {
  /** Returns the URL of the worker that watches the camera; undefined while none does. */
  readonly findUrl: () => Promise<string | undefined>;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Interval between two reads of a log whose worker cannot be reached, in ms. */
const POLL_MS = 1000;
/** Longest wait for a commit: a camera without rows adds a gap later. */
const IDLE_MS = 10_000;

/**
 * Follows the commits of a camera through an internal response of its worker, which commits twice a
 * second meanwhile.
 */
export function watchCommits({ findUrl, token, signal }: WatchCommitsOptions): Commits {
  const closed = new AbortController();
  const ended = signal ? AbortSignal.any([signal, closed.signal]) : closed.signal;
  const commits = new EventTarget();
  let isConnected = false;
  let hasNew = false;

  const notify = () => {
    hasNew = true;
    commits.dispatchEvent(new Event('commit'));
  };
  const connect = async () => {
    const url = await findUrl();
    if (url === undefined || token === undefined) return;
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, signal: ended, redirect: 'error' });
    if (!response.ok || !response.body) return;
    isConnected = true;
    for await (const _ of response.body) notify();
  };
  const run = async () => {
    while (!ended.aborted) {
      await connect().catch(() => undefined); // the log is read without it
      isConnected = false;
      notify();
      await sleep(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  };
  void run();

  return {
    close: () => closed.abort(),
    async next() {
      signal?.throwIfAborted();
      if (!hasNew) {
        const wait = AbortSignal.any([ended, AbortSignal.timeout(isConnected ? IDLE_MS : POLL_MS)]);
        await once(commits, 'commit', { signal: wait }).catch(() => undefined);
      }
      hasNew = false;
      signal?.throwIfAborted();
    },
  };
}
