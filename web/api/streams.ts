import type {
  Camera,
  CameraTest,
  DeployedStream,
  EventPage,
  LogEntry,
  Stream,
  StreamPage,
  Timeline,
} from '../../api/types.js';
import { readLines } from './lines.js';
import { withReconnect } from './reconnect.js';
import { getJson, postJson, request, sendJson } from './request.js';

const STREAMS = '/api/v1/streams';
const CAMERAS = '/api/v1/cameras';
/** Number of scenarios and of events of a page: the maxima of the API. */
const STREAMS_LIMIT = 100;
const EVENTS_LIMIT = 200;

/** URL of a scenario or of a resource below it, such as `latest.jpg`. */
export const streamUrl = (uuid: string, part = '') =>
  `${STREAMS}/${encodeURIComponent(uuid)}${part && `/${part}`}`;

/** Hash of the URL of a camera's page. */
export const cameraPageHash = (uuid: string) => `#/camera/${encodeURIComponent(uuid)}`;

export function listStreams(cursor: string | null, signal?: AbortSignal): Promise<StreamPage> {
  const query = new URLSearchParams({ limit: String(STREAMS_LIMIT), ...(cursor && { cursor }) });
  return getJson(`${STREAMS}?${query}`, signal);
}

export const getStream = (uuid: string, signal: AbortSignal) =>
  getJson<Stream>(streamUrl(uuid), signal);

/** Starts a scenario with the parameters of `POST /api/v1/streams`. */
export const deployStream = (scenario: Readonly<Record<string, unknown>>) =>
  postJson<DeployedStream>(STREAMS, scenario);

/** Changes parameters of a running scenario; null removes an optional one. */
export const changeStream = (uuid: string, change: Readonly<Record<string, unknown>>) =>
  sendJson<Stream>('PATCH', streamUrl(uuid), change);

export type StreamAction = 'pause' | 'resume' | 'stop';

/** @returns the scenario, whose state follows within seconds */
export const controlStream = (uuid: string, action: StreamAction) =>
  postJson<Stream>(streamUrl(uuid, action), {});

/** Stops a scenario and deletes everything that it stored. */
export async function deleteStream(uuid: string): Promise<void> {
  await request(streamUrl(uuid), { method: 'DELETE' });
}

/** A span of time in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** Reads how much of each part of a span was seen. @param stepS seconds of a part */
export function getTimeline(
  uuid: string,
  span: Span,
  stepS: number,
  signal: AbortSignal,
): Promise<Timeline> {
  const query = new URLSearchParams({ ...isoSpan(span), step_s: String(stepS) });
  return getJson(streamUrl(uuid, `timeline?${query}`), signal);
}

/** Event of a scenario. */
export type CameraEvent = EventPage['events'][number];

/** URL of a file of an event. */
export const eventUrl = (
  { scenario_uuid, event_id }: Pick<CameraEvent, 'scenario_uuid' | 'event_id'>,
  file: 'clip.mp4' | 'snapshot.jpg',
) => streamUrl(scenario_uuid, `events/${encodeURIComponent(event_id)}/${file}`);

interface EventSearch {
  readonly span?: Span;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Reads a page of the events of a scenario, the newest first. */
export function listEvents(
  uuid: string,
  { span, limit = EVENTS_LIMIT, cursor }: EventSearch,
  signal: AbortSignal,
): Promise<EventPage> {
  const query = new URLSearchParams({
    ...(span && isoSpan(span)),
    ...(cursor && { cursor }),
    limit: String(limit),
  });
  return getJson(streamUrl(uuid, `events?${query}`), signal);
}

/** URL of the rows and gaps of a span, as JSON lines. */
export const resultsUrl = (uuid: string, span: Span) =>
  streamUrl(uuid, `results?${new URLSearchParams({ ...isoSpan(span), gaps: '1' })}`);

const isoSpan = ({ from, to }: Span) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/**
 * Streams the entries of a scenario from an instant on, in ms since 1970, until it has ended. If the
 * connection breaks, reconnects after the last row received.
 */
export async function* streamEntries(
  uuid: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<LogEntry> {
  const headers = { accept: 'application/x-ndjson' };
  let place: Record<string, string> = { from: new Date(from).toISOString() };
  const hasEnded = async () => (await getStream(uuid, signal)).ended_at !== null;
  yield* withReconnect(hasEnded, signal, async function* () {
    const query = new URLSearchParams({ ...place, follow: '1', gaps: '1' });
    const response = await request(streamUrl(uuid, `results?${query}`), { headers, signal });
    for await (const line of readLines(response)) {
      if (line === '') continue;
      const entry = JSON.parse(line) as LogEntry; // matches the API's schema; throws if it broke
      if ('frame_number' in entry) place = { after: String(entry.frame_number) };
      yield entry;
    }
  });
}

/** URL, and credentials that replace those of the URL. */
export interface CameraSecrets {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export const listCameras = async (signal?: AbortSignal) =>
  (await getJson<{ readonly cameras: readonly Camera[] }>(CAMERAS, signal)).cameras;

/** Seals and stores the URL of a camera. */
export const addCamera = (cameraId: string, secrets: CameraSecrets) =>
  postJson<Camera>(CAMERAS, { camera_id: cameraId, ...secrets });

/** Reads a camera for some seconds. @throws RequestError with the reason why it cannot be read */
export const testCamera = (camera: CameraSecrets | { readonly camera_id: string }) =>
  postJson<CameraTest>(`${CAMERAS}/test`, camera);
