import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedStream, Streams } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { unavailableServer } from '../../domain/server-unavailable.js';

/** A message that was deployed, or why it was not. */
export type DeployedLine =
  | { readonly line: number; readonly deployed: DeployedStream }
  | { readonly line: number; readonly error: unknown };

export interface DeployOptions {
  readonly signal: AbortSignal;
  /** Reports that a server does not answer; the message is deployed again. */
  readonly onWait: (error: AppError) => void;
  readonly retryMs?: number;
}

const RETRY_MS = 2000;

/**
 * Deploys messages of the topic `to_deploy`, one JSON object per line, as they arrive. A message that
 * is wrong does not stop the others; none is lost while a server is unavailable.
 */
export async function* deployLines(
  streams: Pick<Streams, 'deploy'>,
  lines: AsyncIterable<string>,
  options: DeployOptions,
): AsyncGenerator<DeployedLine> {
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    try {
      yield { line, deployed: await deployWhenAvailable(streams, parseMessage(text), options) };
    } catch (error) {
      options.signal.throwIfAborted();
      yield { line, error };
    }
  }
}

/** The text is not shown: it may contain the password of a camera. */
function parseMessage(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError(
      'INVALID_INPUT',
      'Expected one JSON object per line, such as {"scenario_uuid": "...", "camera_url": "rtsp://..."}.',
    );
  }
}

async function deployWhenAvailable(
  streams: Pick<Streams, 'deploy'>,
  message: unknown,
  { signal, onWait, retryMs = RETRY_MS }: DeployOptions,
): Promise<DeployedStream> {
  for (;;) {
    try {
      return await streams.deploy(message);
    } catch (error) {
      if (!(error instanceof AppError) || unavailableServer(error) === undefined) throw error;
      onWait(error);
    }
    await sleep(retryMs, undefined, { signal });
  }
}
