import pMap from 'p-map';
import { findUpload, type UploadState } from '../api/uploads.js';
import { PartError, putPart } from './put-part.js';

/** Parts that are on their way at once. */
const AT_ONCE = 3;
/** Pauses before a part is tried again, in milliseconds. */
const BACKOFF_MS = [500, 1000, 2000, 4000, 8000];
/** What the store answers when an address is no longer good. */
const FORBIDDEN = 403;

export interface SendOptions {
  readonly file: File;
  readonly state: UploadState;
  readonly signal: AbortSignal;
  /** Told how many bytes of the file are in the store or on their way there. */
  readonly onSent: (sentBytes: number) => void;
}

/** Bytes of a part, which counts from 1: the last one may be shorter. */
export function rangeOf(part: number, { part_size, size }: UploadState): readonly [number, number] {
  return [(part - 1) * part_size, Math.min(part * part_size, size)];
}

/** Sends the parts that are missing. @throws PartError when one does not arrive in all its tries. */
export async function sendParts({ file, state, signal, onSent }: SendOptions): Promise<void> {
  const sent = new Map(state.arrived.map((part) => [part, lengthOf(part, state)]));
  const tell = (part: number, bytes: number) => {
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
    const bytes = file.slice(...rangeOf(part, state));
    await withBackoff(both, async () => {
      const put = putPart(urls.get(part) ?? '', bytes, (n) => tell(part, n), both);
      await put.catch(async (error: unknown) => {
        tell(part, 0);
        if (error instanceof PartError && error.status === FORBIDDEN) await refresh();
        throw error;
      });
    });
    tell(part, bytes.size);
  };
  try {
    await pMap([...urls.keys()], send, { concurrency: AT_ONCE, signal });
  } finally {
    ended.abort(); // a part that failed for good ends the others
  }
}

function lengthOf(part: number, state: UploadState): number {
  const [from, to] = rangeOf(part, state);
  return to - from;
}

async function withBackoff(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
  for (const pauseMs of BACKOFF_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !(error instanceof PartError)) throw error;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    signal.throwIfAborted();
  }
  return attempt();
}
