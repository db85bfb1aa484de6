import pMap from 'p-map';
import type { LogEntry } from '../../domain/stream/entry.js';
import { internalTokenOf } from '../../domain/stream/camera-seal.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import type { StreamAction } from '../../domain/stream/scenario-control.js';
import { unavailableServer } from '../../domain/server-unavailable.js';
import { workerPaths } from '../../domain/stream/worker-paths.js';
import { AppError } from '../../domain/errors.js';
import { expectScenarioUuid } from '../../domain/names.js';
import {
  callTemporal,
  isTemporalUnavailable,
  iterateTemporal,
} from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { decodeCursor, encodeCursor } from '../jobs/page-cursor.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { accountFor } from './account.js';
import { watchCommits } from './commits.js';
import { configureStream, controlStream, type StreamChange } from './control.js';
import { deleteStream } from './delete-stream.js';
import { deployStream } from './deploy.js';
import { type EventPage, type EventPageOptions, listEvents } from './events.js';
import { findWorkerUrl, type LiveBody, requestLive } from './live.js';
import { describeStream, readStream } from './read-stream.js';
import { type FollowedLog, readResults } from './results.js';
import { createTimelines } from './timelines.js';
import type {
  DeployedStream,
  Stream,
  StreamAccount,
  StreamPage,
  StreamResultsOptions,
  Timeline,
  TimelineOptions,
  TimeRange,
} from './types.js';
import { type CameraZoneCounts, countPassages } from './zone-counts.js';

/** Kinds of live images. */
export type LiveKind = 'latestJpeg' | 'liveFrames' | 'liveMp4' | 'liveMjpeg';

/** Scenarios: cameras in which objects are detected. */
export interface Streams {
  /**
   * Starts a scenario from a message of the topic `to_deploy`; the same message again returns the
   * running one. @throws AppError `INVALID_INPUT`, `SCENARIO_EXISTS`, `MODEL_NOT_FOUND`.
   */
  deploy(message: unknown): Promise<DeployedStream>;
  /** @throws AppError `SCENARIO_NOT_FOUND`. */
  get(scenarioUuid: string): Promise<Stream>;
  list(options?: PageOptions): Promise<StreamPage>;
  /** Closes the camera and frees its slot until `resume`. */
  pause(scenarioUuid: string): Promise<Stream>;
  resume(scenarioUuid: string): Promise<Stream>;
  /** Ends a scenario; its rows are kept. */
  stop(scenarioUuid: string): Promise<Stream>;
  /** Changes parameters while the camera keeps running. */
  configure(scenarioUuid: string, change: StreamChange): Promise<Stream>;
  /** Stops a scenario and deletes everything that it stored. */
  delete(scenarioUuid: string): Promise<void>;
  /** Yields rows and gaps, each once and in order, the same for each reader. */
  results(scenarioUuid: string, options?: StreamResultsOptions): AsyncIterable<LogEntry>;
  /** Accounts for each second of a span, and checks the log. */
  account(
    scenarioUuid: string,
    range?: TimeRange & { readonly signal?: AbortSignal },
  ): Promise<StreamAccount>;
  /** Returns how much of each part of a span was seen. */
  timeline(scenarioUuid: string, options: TimelineOptions): Promise<Timeline>;
  /** Returns a page of the events of the rules in `notify`, and the passages of zones and lines. */
  events(scenarioUuid: string, options?: EventPageOptions): Promise<EventPage>;
  /**
   * Counts the passages of zones and lines by minute, in at most seven days (default: the last day).
   * @throws AppError `INVALID_INPUT`, `SCENARIO_NOT_FOUND`.
   */
  zones(scenarioUuid: string, range?: TimeRange): Promise<CameraZoneCounts>;
  /** Requests live images. @throws AppError `CAMERA_NOT_LIVE`, `STREAM_CODEC_UNSUPPORTED`. */
  live(scenarioUuid: string, kind: LiveKind, signal?: AbortSignal): Promise<LiveBody>;
}

/** Scenarios of a page that are read at the same time. */
const CONCURRENCY = 8;
/** Interval at which a followed scenario is checked for its end, in ms. */
const END_CHECK_MS = 3000;

/** Creates the API of scenarios. */
export function createStreams(deps: VidetteClientDeps): Streams {
  const call = <T>(work: () => Promise<T>) => callTemporal(deps.temporal, work);
  const control = (action: StreamAction) => (uuid: string) =>
    call(() => controlStream(deps, uuid, action));
  const timelines = createTimelines();
  const logOf = async (uuid: string): Promise<LogRef> => {
    await readStream(deps, uuid);
    return { store: deps.objects, uuid: expectScenarioUuid(uuid) };
  };
  return {
    deploy: (message) => call(() => deployStream(deps, message)),
    get: (uuid) => call(() => readStream(deps, uuid)),
    list: (options) => call(() => listStreams(deps, options)),
    pause: control('pause'),
    resume: control('resume'),
    stop: control('stop'),
    configure: (uuid, change) => call(() => configureStream(deps, uuid, change)),
    delete: (uuid) => call(() => deleteStream(deps, uuid)),
    results: (uuid, options) => iterateTemporal(deps.temporal, results(deps, uuid, options)),
    account: (uuid, { signal, ...range } = {}) =>
      call(async () => accountFor(await logOf(uuid), range, signal)),
    timeline: (uuid, options) => call(async () => timelines.read(await logOf(uuid), options)),
    events: (uuid, options) =>
      call(async () => listEvents(deps, (await logOf(uuid)).uuid, options)),
    zones: (uuid, range) => call(async () => countPassages(deps, (await logOf(uuid)).uuid, range)),
    live: (uuid, kind, signal) => call(() => requestLive(deps, uuid, workerPaths[kind], signal)),
  };
}

async function* results(
  deps: VidetteClientDeps,
  scenarioUuid: string,
  options?: StreamResultsOptions,
): AsyncGenerator<LogEntry, void> {
  const { scenario_uuid: uuid } = await readStream(deps, scenarioUuid);
  yield* readResults(followedLog(deps, uuid), options);
}

function followedLog(deps: VidetteClientDeps, uuid: string): FollowedLog {
  const { cameraKey } = deps;
  let checkAt = 0;
  return {
    log: { store: deps.objects, uuid },
    hasEnded: async () => {
      if (Date.now() < checkAt) return false;
      checkAt = Date.now() + END_CHECK_MS;
      return readStream(deps, uuid).then(({ ended_at }) => ended_at !== null, isGone);
    },
    watchCommits: (signal) =>
      watchCommits({
        findUrl: () => findWorkerUrl(deps, uuid, workerPaths.commits),
        token: cameraKey === undefined ? undefined : internalTokenOf(cameraKey),
        signal,
      }),
  };
}

/** A deleted scenario has ended; while a server is unavailable, it has not. */
function isGone(error: unknown): boolean {
  if (isTemporalUnavailable(error) || unavailableServer(error) !== undefined) return false;
  if (error instanceof AppError && error.code === 'SCENARIO_NOT_FOUND') return true;
  throw error;
}

async function listStreams(
  { documents, temporal }: VidetteClientDeps,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<StreamPage> {
  const place = cursor === undefined ? undefined : decodeCursor(cursor);
  const after = place && { created_at: place.created_at, scenario_uuid: place.event_id };
  const found = await documents.scenarios.list({ limit: limit + 1, after });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const read = (document: (typeof page)[number]): Promise<Stream> =>
    describeStream(temporal, document.scenario_uuid, document);
  return {
    streams: await pMap(page, read, { concurrency: CONCURRENCY }),
    next: last ? encodeCursor({ created_at: last.created_at, event_id: last.scenario_uuid }) : null,
  };
}
