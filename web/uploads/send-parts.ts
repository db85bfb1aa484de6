import pMap from 'p-map';
import { pause } from '../api/connection.js';
import { findUpload, type UploadState } from '../api/uploads.js';
import { PartError, putPart } from './put-part.js';

/** Maximum number of parts uploaded at once. */
const CONCURRENCY = 3;
/** Pauses before each retry of a part, in milliseconds. */
const BACKOFF_MS = [500, 1000, 2000, 4000, 8000];
/** Status of the store for an expired URL. Undefined if it disconnects before it has read the part. */
const EXPIRED: readonly unknown[] = [403, undefined];

interface SendOptions {
  readonly file: File;
  readonly state: UploadState;
  readonly signal: AbortSignal;
  /** Receives the number of bytes of the file that are stored or sent. */
  readonly onSent: (sentBytes: number) => void;
}

/** Returns start and end (exclusive) of a part in bytes. Parts count from 1; the last may be shorter. */
export function partRange(
  part: number,
  { part_size, size }: UploadState,
): readonly [number, number] {
  return [(part - 1) * part_size, Math.min(part * part_size, size)];
}

/** Uploads the missing parts. @throws PartError if a part fails after all retries */
export async function sendParts({ file, state, signal, onSent }: SendOptions): Promise<void> {
  const sent = new Map(state.arrived.map((part) => [part, partLength(part, state)]));
  const report = (part: number, bytes: number) => {
    sent.set(part, bytes);
    onSent([...sent.values()].reduce((sum, each) => sum + each, 0));
  };
  onSent([...sent.values()].reduce((sum, each) => sum + each, 0));
  const urls = new Map(state.missing.map(({ part, url }) => [part, url]));
  const refresh = async () => {
    const now = await findUpload(state.upload_id, signal);
    for (const { part, url } of now?.missing ?? []) urls.set(part, url);
  };
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const send = async (part: number) => {
    const bytes = file.slice(...partRange(part, state));
    await withBackoff(both, async () => {
      const put = putPart(urls.get(part) ?? '', bytes, (n) => report(part, n), both);
      await put.catch(async (error: unknown) => {
        report(part, 0);
        const isExpired = error instanceof PartError && EXPIRED.includes(error.status);
        // Without new URLs, the next attempt uses the same one.
        if (isExpired) await refresh().catch(() => undefined);
        throw error;
      });
    });
    report(part, bytes.size);
  };
  try {
    await pMap([...urls.keys()], send, { concurrency: CONCURRENCY, signal });
  } finally {
    ended.abort(); // a part that failed finally stops the others
  }
}

function partLength(part: number, state: UploadState): number {
  const [from, to] = partRange(part, state);
  return to - from;
}

async function withBackoff(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
  for (const pauseMs of BACKOFF_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !(error instanceof PartError)) throw error;
    }
    await pause(pauseMs, signal);
  }
  return attempt();
}
