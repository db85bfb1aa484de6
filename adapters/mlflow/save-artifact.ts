import { type FileHandle, open as openFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'undici';
import { AppError } from '../../domain/errors.js';
import { chunksOf, type OpenOptions } from './client.js';
import { reasonOf } from './refusals.js';

/** Number of interruptions in a row without a new byte after which a download fails. */
const MAX_STALLS = 3;
const RESUME_DELAY_MS = 500;

export interface SaveOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  readonly onBytes?: (doneBytes: number, totalBytes: number | undefined) => void;
}

type Open = (options: OpenOptions) => Promise<Response>;

interface Transfer {
  /** Opened for appending. */
  readonly file: FileHandle;
  /** Whether the server has answered with the artifact. */
  hasBegun: boolean;
  /** Number of bytes in the file. */
  done: number;
  /** Size of the whole artifact in bytes; undefined until the server states it. */
  size: number | undefined;
}

/**
 * Downloads an artifact to a new file, and returns its size in bytes. A transfer that breaks off
 * continues where it stopped.
 * @throws AppError `LIMIT_EXCEEDED`, `SERVER_UNAVAILABLE`.
 */
export async function saveArtifact(open: Open, path: string, options: SaveOptions) {
  const file = await openFile(path, 'ax', 0o600);
  const transfer: Transfer = { file, hasBegun: false, done: 0, size: undefined };
  try {
    let most = 0;
    for (let stalls = 0; stalls < MAX_STALLS;) {
      const interruption = await receive(open, transfer, options);
      if (!interruption) break;
      stalls = transfer.done > most ? 0 : stalls + 1;
      if (stalls === MAX_STALLS) throw interruption;
      most = Math.max(most, transfer.done);
      await sleep(RESUME_DELAY_MS, undefined, { signal: options.signal });
    }
    return transfer.done;
  } finally {
    await file.close();
  }
}

/** Appends what the server sends; resolves with the error if that was interrupted after it began. */
async function receive(
  open: Open,
  transfer: Transfer,
  options: SaveOptions,
): Promise<AppError | undefined> {
  try {
    const response = await open({ offset: transfer.done, signal: options.signal });
    transfer.hasBegun = true;
    await begin(transfer, response, options.maxBytes);
    await append(transfer, response, options);
    return undefined;
  } catch (error) {
    options.signal?.throwIfAborted();
    // A server that restarts may be unreachable after an interruption, but not before.
    if (transfer.hasBegun && error instanceof AppError && error.retryable) return error;
    throw error;
  }
}

/** Starts again if the server sends the whole file, or if its size has changed. */
async function begin(transfer: Transfer, response: Response, maxBytes: number): Promise<void> {
  const length = response.headers.get('content-length');
  const rest = length === null ? undefined : Number(length);
  const isRest = response.status === 206 && transfer.size === transfer.done + (rest ?? NaN);
  if (isRest) return;
  await transfer.file.truncate(0);
  transfer.done = 0;
  if (response.status === 206) {
    await response.body?.cancel();
    throw interrupted(transfer, 'the file has changed');
  }
  transfer.size = rest;
  if ((rest ?? 0) <= maxBytes) return;
  await response.body?.cancel();
  throw tooLarge(maxBytes);
}

async function append(
  transfer: Transfer,
  response: Response,
  { maxBytes, onBytes }: SaveOptions,
): Promise<void> {
  for await (const chunk of receivedBy(transfer, response)) {
    if (transfer.done + chunk.length > maxBytes) throw tooLarge(maxBytes);
    await transfer.file.appendFile(chunk);
    transfer.done += chunk.length;
    onBytes?.(transfer.done, transfer.size);
  }
  const { done, size = done } = transfer;
  if (done !== size) throw interrupted(transfer, `its size is ${size} bytes`);
}

async function* receivedBy(
  transfer: Transfer,
  response: Response,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunksOf(response);
  } catch (error) {
    throw interrupted(transfer, reasonOf(error));
  }
}

function interrupted({ done }: Transfer, reason: string): AppError {
  return new AppError(
    'SERVER_UNAVAILABLE',
    `MLflow interrupted the download of a file after ${done} bytes (${reason}). Try again later.`,
  );
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The files of the model are larger than ${maxBytes} bytes. Raise VIDETTE_MAX_DOWNLOAD_GB to download them.`,
  );
}
