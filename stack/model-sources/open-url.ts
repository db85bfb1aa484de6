import { Readable } from 'node:stream';
import { assertReachable } from '../tools/download.js';

const STALL_TIMEOUT_MS = 30_000;

export interface OpenUrlOptions {
  /** Aborts the transfer; must be aborted when the content is not needed any more. */
  readonly signal: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Opens the content of a URL as a stream. Fails if the host does not accept a connection within 5 s,
 * or if no data arrives for 30 s.
 */
export async function openUrl(
  url: string,
  { signal, onProgress }: OpenUrlOptions,
): Promise<Readable> {
  await assertReachable(url);
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort(new Error(`no data arrived for ${STALL_TIMEOUT_MS / 1000} s`));
  }, STALL_TIMEOUT_MS);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  const response = await fetch(url, { signal: AbortSignal.any([signal, stall.signal]) });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const onBytes = (done: number) => {
    timer.refresh();
    onProgress?.(done, Math.max(done, total));
  };
  return Readable.from(counted(response.body, onBytes));
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  onBytes: (done: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    onBytes(done);
    yield chunk;
  }
}
