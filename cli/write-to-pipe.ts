import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Standard output as a pipe whose reader may be slow, or may leave. */
export interface Pipe {
  /** Resolves when the reader has room for more. */
  write(text: string): Promise<void>;
  /** Aborts with the given signal, or when the reader has left. */
  readonly signal: AbortSignal;
}

export function writeToPipe(output: Writable, signal: AbortSignal): Pipe {
  const left = new AbortController();
  output.once('error', () => left.abort());
  const either = AbortSignal.any([signal, left.signal]);
  return {
    signal: either,
    write: async (text) => {
      if (either.aborted || output.write(text)) return;
      await once(output, 'drain', { signal: either }).catch(() => undefined);
    },
  };
}
