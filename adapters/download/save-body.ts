import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/errors.js';

export interface SaveLimits {
  /** Maximum file size in bytes. */
  readonly maxBytes: number;
  /** Interval in which a minimum number of bytes must arrive, in seconds. */
  readonly slowest?: { readonly bytes: number; readonly seconds: number };
}

export interface SaveOptions {
  readonly signal: AbortSignal;
  readonly onBytes?: (done: number, total: number | null) => void;
}

/** Minimum rate of 8 KiB/s, so that a slow host cannot hold a transfer open. */
const SLOWEST = { bytes: 240 * 1024, seconds: 30 };

/** Streams a body to a new file, within limits of size and minimum rate. */
export async function saveBody(
  response: IncomingMessage,
  path: string,
  { maxBytes, slowest = SLOWEST }: SaveLimits,
  { signal, onBytes }: SaveOptions,
): Promise<void> {
  const declared = Number(response.headers['content-length'] ?? Number.NaN);
  if (declared > maxBytes) {
    response.destroy();
    throw tooLarge(maxBytes);
  }
  let done = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      onBytes?.(done, Number.isNaN(declared) ? null : declared);
      next(done > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  let before = 0;
  const pace = setInterval(() => {
    if (done - before < slowest.bytes) limited.destroy(tooSlow(slowest));
    before = done;
  }, slowest.seconds * 1000);
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(response, limited, file, { signal });
  } finally {
    clearInterval(pace);
  }
  if (done === 0) throw new AppError('DOWNLOAD_FAILED', 'The address gave an empty file.');
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The file is larger than ${maxBytes} bytes (VIDETTE_MAX_DOWNLOAD_GB).`,
  );
}

function tooSlow({
  bytes,
  seconds,
}: {
  readonly bytes: number;
  readonly seconds: number;
}): AppError {
  const message = `The host sends too slowly: fewer than ${bytes} bytes in ${seconds} s.`;
  return new AppError('DOWNLOAD_FAILED', message);
}
