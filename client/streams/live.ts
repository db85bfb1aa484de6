import { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { internalTokenOf } from '../../domain/stream/camera-seal.js';
import { START_TIME_HEADER, type workerPaths } from '../../domain/stream/worker-paths.js';
import type { VidetteClientDeps } from '../deps.js';
import { readRunFacts } from './run-facts.js';

/** Response of the worker of a camera. */
export interface LiveBody {
  readonly contentType: string;
  /** Start of a video in ISO 8601, to which rows are compared; null for images. */
  readonly startTime: string | null;
  readonly body: ReadableStream<Uint8Array>;
}

// The keys of an object with string keys are strings.
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const reasonSchema = z.object({ error: z.string(), code: z.enum(CODES) });

type PathOf = (typeof workerPaths)[keyof typeof workerPaths];

/** Returns the URL of a path on the worker that watches a camera; undefined while none does. */
export async function findWorkerUrl(
  { temporal }: Pick<VidetteClientDeps, 'temporal'>,
  scenarioUuid: string,
  path: PathOf,
): Promise<string | undefined> {
  const run = await readRunFacts(temporal, scenarioUuid);
  const beat = run?.isOpen && run.watch?.isStarted ? run.watch.beat : undefined;
  return beat && `${beat.address}${path(scenarioUuid)}`;
}

/**
 * Requests live images of a camera from its worker.
 * @throws AppError `CAMERA_NOT_LIVE` while the camera sends none, or the reason of the worker, such as
 * `STREAM_CODEC_UNSUPPORTED`.
 */
export async function requestLive(
  deps: Pick<VidetteClientDeps, 'temporal' | 'cameraKey'>,
  scenarioUuid: string,
  path: PathOf,
  signal?: AbortSignal,
): Promise<LiveBody> {
  const url = await findWorkerUrl(deps, scenarioUuid, path);
  if (url === undefined || deps.cameraKey === undefined) throw notLive(scenarioUuid);
  const response = await requestWorker(url, deps.cameraKey, signal);
  if (response.ok && response.body) {
    const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
    const startTime = response.headers.get(START_TIME_HEADER);
    return { contentType, startTime, body: response.body };
  }
  throw (await readReason(response)) ?? notLive(scenarioUuid);
}

/** Reads the error with which a worker rejects a request; undefined for one without a code. */
async function readReason(response: Response): Promise<AppError | undefined> {
  const reason = reasonSchema.safeParse(await response.json().catch(() => undefined));
  return reason.success ? new AppError(reason.data.code, reason.data.error) : undefined;
}

async function requestWorker(
  url: string,
  cameraKey: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const authorization = `Bearer ${internalTokenOf(cameraKey)}`;
  try {
    return await fetch(url, { headers: { authorization }, signal, redirect: 'error' });
  } catch (error) {
    signal?.throwIfAborted();
    throw serverUnavailable('stream worker', { endpoint: new URL(url).origin }, error);
  }
}

function notLive(scenario_uuid: string): AppError {
  return new AppError(
    'CAMERA_NOT_LIVE',
    `The camera of the scenario ${scenario_uuid} sends no images at the moment. Read its state, and try again.`,
    { scenario_uuid },
  );
}
