import { Readable } from 'node:stream';
import { assertReachable } from '../tools/download.js';

const STALL_TIMEOUT_MS = 30_000;

export interface OpenAddressOptions {
  /** Ends the transfer; must be aborted once the content is no longer needed. */
  readonly signal: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * The content at an address, as it comes in. Gives up when the host takes no connection within 5 s,
 * or when nothing comes for 30 s.
 */
export async function openAddress(
  address: string,
  { signal, onProgress }: OpenAddressOptions,
): Promise<Readable> {
  await assertReachable(address);
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort(new Error(`nothing came for ${STALL_TIMEOUT_MS / 1000} s`));
  }, STALL_TIMEOUT_MS);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  const response = await fetch(address, { signal: AbortSignal.any([signal, stall.signal]) });
  if (!response.ok || !response.body) throw new Error(`${address} answered ${response.status}`);
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
